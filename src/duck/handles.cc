#include "duck/handles.h"

#include <duckdb.h>

#include "base/forced_end.h"

namespace ingestr::duck {

void Release::operator()(_duckdb_database* database) const noexcept {
  const Waiting waiting;  // its threads may be anywhere
  duckdb_close(&database);
}

void Release::operator()(_duckdb_connection* connection) const noexcept {
  const Waiting waiting;
  duckdb_disconnect(&connection);
}

void Release::operator()(_duckdb_appender* appender) const noexcept {
  // Destroying an appender flushes it, also after a flush that failed. What is to be kept has been
  // flushed by now.
  duckdb_appender_clear(appender);
  duckdb_appender_destroy(&appender);
}

void Release::operator()(_duckdb_arrow_converted_schema* schema) const noexcept {
  duckdb_destroy_arrow_converted_schema(&schema);
}

}  // namespace ingestr::duck
