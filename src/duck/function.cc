#include "duck/function.h"

#include <duckdb.h>

#include <exception>
#include <utility>

#include "duck/failure.h"
#include "duck/new_function.h"
#include "duck/vectors.h"

namespace ingestr::duck {
namespace {

void call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto& function = *static_cast<const TextFunction*>(duckdb_scalar_function_get_extra_info(info));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const Texts texts(duckdb_data_chunk_get_vector(input, 0));
  Nulls nulls(output);
  try {
    for (idx_t row = 0; row < rows; ++row) {
      if (texts.is_null(row)) {
        nulls.set(row);
      } else {
        const std::string result = function.of(texts.at(row));
        duckdb_vector_assign_string_element_len(output, row, result.data(), result.size());
      }
    }
  } catch (const std::exception& error) {
    duckdb_scalar_function_set_error(info, raised_text(error).c_str());
  }
}

}  // namespace

void register_function(Connection& connection, TextFunction function) {
  const LogicalType text(DUCKDB_TYPE_VARCHAR);
  const NewScalarFunction made(function.name, {text}, text, call);
  duckdb_scalar_function_set_extra_info(made.get(), new TextFunction(std::move(function)),
                                        [](void* held) { delete static_cast<TextFunction*>(held); });
  made.give_to(connection.get());
}

}  // namespace ingestr::duck
