// What may be a target: its names, and what has them so far.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "sql/dialect.h"

namespace ingestr {

// Throws Error(usage) for a name that begins as those of landing tables do.
void check_table_name(std::string_view table);
// Throws Error(unsupported) for columns whose names are one to `database`, which takes no notice of their case.
void check_column_names(const Schema& schema, std::string_view database);

// What has a table's name in a database.
enum class TableKind { nothing, table, view, materialized_view, foreign_table, virtual_table, sequence, index, type, other };

// Whether there is a table. Throws Error(unsupported) for what takes no rows.
bool takes_rows(TableKind kind, const TableName& name);
// Throws Error(unsupported) for what is neither a table nor a view: nothing takes its place.
void check_place(TableKind kind, const TableName& name);
// The statement that makes the name free; none where it is. Throws what check_place() does.
std::vector<std::string> drop_sql(TableKind kind, const TableName& name, const Dialect& dialect);

}  // namespace ingestr
