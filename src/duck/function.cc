#include "duck/function.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <exception>
#include <memory>

#include "base/error.h"
#include "duck/failure.h"
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
  duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
  duckdb_scalar_function made = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(made, function.name.c_str());
  duckdb_scalar_function_add_parameter(made, text);
  duckdb_scalar_function_set_return_type(made, text);
  duckdb_scalar_function_set_function(made, call);
  duckdb_scalar_function_set_extra_info(made, new TextFunction(function),
                                        [](void* held) { delete static_cast<TextFunction*>(held); });
  const duckdb_state state = duckdb_register_scalar_function(connection.get(), made);
  duckdb_destroy_scalar_function(&made);
  duckdb_destroy_logical_type(&text);
  if (state != DuckDBSuccess) {
    throw Error(ErrorKind::internal, fmt::format("DuckDB does not take the function {}", function.name));
  }
}

}  // namespace ingestr::duck
