#include <algorithm>
#include <utility>

#include "duck/functions.h"
#include "duck/new_function.h"

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
  const NewScalarFunction function("_ingestr_passing", {}, LogicalType(DUCKDB_TYPE_BOOLEAN), count_rows);
  duckdb_scalar_function_set_extra_info(function.get(), new SharedCount(std::move(passed)),
                                        [](void* held) { delete static_cast<SharedCount*>(held); });
  duckdb_scalar_function_set_volatile(function.get());
  function.give_to(connection);
}

}  // namespace ingestr::duck
