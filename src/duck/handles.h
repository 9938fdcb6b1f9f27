// Owners of what the DuckDB C API hands out. They keep <duckdb.h> out of the headers that others
// include.
#pragma once

#include <memory>

struct _duckdb_database;
struct _duckdb_connection;
struct _duckdb_appender;
struct _duckdb_arrow_converted_schema;

namespace ingestr::duck {

struct Release {
  void operator()(_duckdb_database* database) const noexcept;
  void operator()(_duckdb_connection* connection) const noexcept;
  void operator()(_duckdb_appender* appender) const noexcept;  // buffered rows are dropped
  void operator()(_duckdb_arrow_converted_schema* schema) const noexcept;
};

using DatabaseHandle = std::unique_ptr<_duckdb_database, Release>;
using ConnectionHandle = std::unique_ptr<_duckdb_connection, Release>;
using AppenderHandle = std::unique_ptr<_duckdb_appender, Release>;
using ArrowTypesHandle = std::unique_ptr<_duckdb_arrow_converted_schema, Release>;

}  // namespace ingestr::duck
