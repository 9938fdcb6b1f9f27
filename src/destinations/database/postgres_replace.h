// Replacing the rows of a PostgreSQL table in place, so that what others gave it stays: grants, views on it, foreign keys to
// it and from it, indexes, triggers.
#pragma once

#include <string>
#include <vector>

#include "database/postgres_client.h"
#include "destinations/database/postgres_tables.h"

namespace ingestr::database {

// `to` gets the columns and the rows of `from`, which is gone then. In the transaction that is open on the client.
//
// Others read the old rows until the transaction ends, and nobody writes meanwhile; only where columns change they wait. What
// both have keeps its place and, where it is the same to us, its type (varchar(20), jsonb); new columns come last; those that
// `from` lacks go, but for what the database works out itself. A column that gets another type keeps its default and its identity if the
// type allows it; returns what it does not, for people. Foreign keys to the table are checked when the rows are there.
// Throws Error when a trigger, a rule or row level security keeps old rows, or new ones go to tables that inherit from it, something depends on a
// column that goes or gets another type, or refers to a row that is not there any more.
std::vector<std::string> replace_in_place(PostgresClient& client, PostgresTables& tables, const TableName& from, const TableName& to);

// What the server says of a column that it gives no other type, for a view or a foreign key needs it.
inline bool is_of_types(const Error& error) { return error.kind() == ErrorKind::unsupported || error.kind() == ErrorKind::usage; }
// Of such a column, whose types are as format_type() has them.
Error no_other_type(std::string_view column, std::string_view there, std::string_view wanted, const Error& why);

}  // namespace ingestr::database
