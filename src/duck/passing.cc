#include <algorithm>

#include "base/error.h"
#include "duck/functions.h"

namespace ingestr::duck {
namespace {

using SharedCount = std::shared_ptr<std::atomic<uint64_t>>;

void count_rows(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  static_cast<SharedCount*>(duckdb_scalar_function_get_extra_info(info))->get()->fetch_add(rows);
  std::fill_n(static_cast<bool*>(duckdb_vector_get_data(output)), rows, true);
}

}  // namespace

void register_passing(duckdb_connection connection, SharedCount passed) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, "_ingestr_passing");
  duckdb_logical_type type = duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
  duckdb_scalar_function_set_return_type(function, type);
  duckdb_destroy_logical_type(&type);
  duckdb_scalar_function_set_extra_info(function, new SharedCount(std::move(passed)),
                                        [](void* held) { delete static_cast<SharedCount*>(held); });
  duckdb_scalar_function_set_volatile(function);
  duckdb_scalar_function_set_function(function, count_rows);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (state != DuckDBSuccess) throw Error(ErrorKind::internal, "DuckDB does not take the function _ingestr_passing");
}

}  // namespace ingestr::duck
