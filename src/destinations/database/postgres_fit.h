// Whether rows fit into the columns of a table that others made.
#pragma once

#include <string>
#include <vector>

#include "database/postgres_client.h"
#include "destinations/database/postgres_tables.h"

namespace ingestr::database {

// A value, SQL over the rows of a landing table, that goes into a column.
struct FittedValue {
  std::string value;
  PostgresTables::TableColumn column;
  std::string text = {};  // of which the server makes the value, by a type that is none of ours; empty: it is made of none
};

// Reads the landing table once if a column is of a type that rounds or cuts in silence: times as timestamp(0) does, texts as tsrange does, which
// has six digits of a second. Throws Error(bad_data)
// naming the first column that would change a value, and not its table.
void require_fit(PostgresClient& client, const TableName& landing, const std::vector<FittedValue>& values);

}  // namespace ingestr::database
