// Columns of the types of DuckDB's that we have none for, and of those that hold less than what we take them for: HUGEINT, ENUM, STRUCT,
// TIMESTAMP_S. They keep their types; what does not go into them as it is, is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "destinations/duckdb/dialect.h"
#include "destinations/duckdb/tables.h"
#include "duck/connection.h"
#include "engine/step.h"

namespace ingestr {

// What we take a column for that DuckDB says is of the type `name`, and its C API of `type`.
Type type_of_column(const std::string& name, const Type& type);

// `value`, of the type `from`, as one of a type of DuckDB's. The cast may be a TRY_CAST.
std::string native_value(const std::string& value, const Type& from, std::string_view native, std::string_view cast = "CAST");

// Reads the landing table once for each such column that rows go into. Throws Error(bad_data), naming the first that cannot hold a value
// as it is, and not its table.
void require_fit(const TableName& landing, const std::vector<CopiedColumn>& copied, const std::vector<TableColumn>& columns,
                 const DuckdbDialect& dialect, duck::Connection& connection);

}  // namespace ingestr
