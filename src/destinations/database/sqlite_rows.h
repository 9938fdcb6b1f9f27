// Rows of the embedded engine into a table of SQLite, value by value and without loss.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "data/schema.h"
#include "database/sqlite_client.h"
#include "duck/connection.h"

namespace ingestr::database {

struct SqliteColumn {
  std::string from;      // in the engine
  std::string to;        // in SQLite
  Type type;             // ours, of both
  std::string declared;  // that of the column in SQLite
};

// Copies the rows of `from`, SQL of the engine, in their order into a table of SQLite, in the client's transaction; returns how many. `insert`
// is the head of the statement: `INSERT INTO t`. Throws Error: bad_data naming the column for a value that SQLite would change (NaN, which it
// takes for NULL; a date before the year 1 or after 9999, which its functions do not know; text that a column of numbers would make a number),
// constraint naming the key that is there already.
uint64_t rows_to_sqlite(duck::Connection& engine, const std::string& from, const std::vector<SqliteColumn>& columns, SqliteClient& client,
                        const std::string& insert, const std::stop_token& stop);

}  // namespace ingestr::database
