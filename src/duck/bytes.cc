#include "duck/bytes.h"

#include <duckdb.h>

#include <memory>
#include <type_traits>

#include "base/forced_end.h"
#include "duck/failure.h"

namespace ingestr::duck {
namespace {

struct DestroyForBytes {
  void operator()(duckdb_client_context context) const { duckdb_destroy_client_context(&context); }
  void operator()(duckdb_file_system files) const { duckdb_destroy_file_system(&files); }
  void operator()(duckdb_file_open_options options) const { duckdb_destroy_file_open_options(&options); }
  void operator()(duckdb_file_handle file) const { duckdb_destroy_file_handle(&file); }
};
template <class Handle>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, DestroyForBytes>;

}  // namespace

std::string first_bytes(Connection& connection, const std::string& path, size_t most) {
  const Waiting waiting;
  const Transaction transaction(connection);  // a web server's is not opened without
  duckdb_client_context context = nullptr;
  duckdb_connection_get_client_context(connection.get(), &context);
  const Owned<duckdb_client_context> owned_context(context);
  const Owned<duckdb_file_system> files(duckdb_client_context_get_file_system(context));
  const Owned<duckdb_file_open_options> options(duckdb_create_file_open_options());
  duckdb_file_open_options_set_flag(options.get(), DUCKDB_FILE_FLAG_READ, true);
  duckdb_file_handle handle = nullptr;
  if (duckdb_file_system_open(files.get(), path.c_str(), options.get(), &handle) != DuckDBSuccess) {
    throw failure(duckdb_file_system_error_data(files.get()));
  }
  const Owned<duckdb_file_handle> file(handle);
  std::string bytes(most, '\0');
  size_t count = 0;
  while (count < most) {
    const int64_t got = duckdb_file_handle_read(handle, bytes.data() + count, static_cast<int64_t>(most - count));
    if (got < 0) throw failure(duckdb_file_handle_error_data(handle));
    if (got == 0) break;
    count += static_cast<size_t>(got);
  }
  bytes.resize(count);
  return bytes;
}

}  // namespace ingestr::duck
