#include "duck/database.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <memory>

#include "duck/extension.h"
#include "duck/failure.h"
#include "duck/functions.h"

namespace ingestr::duck {
namespace {

struct DestroyConfig {
  void operator()(duckdb_config config) const { duckdb_destroy_config(&config); }
};
using Config = std::unique_ptr<std::remove_pointer_t<duckdb_config>, DestroyConfig>;

void set(duckdb_config config, const std::string& name, const std::string& value) {
  if (duckdb_set_config(config, name.c_str(), value.c_str()) != DuckDBSuccess) {
    throw Error(ErrorKind::usage, fmt::format("DuckDB does not take \"{}\" for {}", value, name));
  }
}

}  // namespace

Database::Database(const Settings& settings) : passed_(std::make_shared<std::atomic<uint64_t>>(0)) {
  duckdb_config raw = nullptr;
  if (duckdb_create_config(&raw) != DuckDBSuccess) throw std::bad_alloc();
  const Config config(raw);
  set(raw, "autoinstall_known_extensions", "false");
  // Not by themselves either: what needs one says so (duck/extension.h), and misses it in words of ours.
  set(raw, "autoload_known_extensions", "false");
  set(raw, "allow_community_extensions", "false");
  set(raw, "allow_persistent_secrets", "false");
  set(raw, "extension_directory", extension_directory());
  set(raw, "allow_unsigned_extensions", "true");  // they are held against what was built with instead, by duck/extension.h
  for (const auto& [name, value] : settings) set(raw, name, value);

  duckdb_database database = nullptr;
  char* message = nullptr;
  if (duckdb_open_ext(nullptr, &database, raw, &message) != DuckDBSuccess) {
    const std::string text = message == nullptr ? "unknown error" : message;
    duckdb_free(message);
    throw failure(DUCKDB_INVALID_CONFIGURATION, text);
  }
  handle_.reset(database);
  const Connection connection = connect();
  register_exact_values(connection.get());
  register_json_evidence(connection.get());
  register_json_values(connection.get());
  register_passing(connection.get(), passed_);
}

Connection Database::connect(std::stop_token stop) const {
  duckdb_connection connection = nullptr;
  if (duckdb_connect(handle_.get(), &connection) != DuckDBSuccess) {
    throw Error(ErrorKind::internal, "DuckDB cannot open a session");
  }
  Connection result(ConnectionHandle(connection), std::move(stop));
  result.execute("SET TimeZone = 'UTC'");
  return result;
}

}  // namespace ingestr::duck
