// A column gets another type though an index, a key or another constraint, or a computed column is about it: DuckDB's ALTER TABLE
// refuses that, so the table is made anew.
#pragma once

#include <vector>

#include "destinations/duckdb/dialect.h"
#include "destinations/duckdb/rules.h"
#include "destinations/duckdb/tables.h"
#include "duck/connection.h"
#include "engine/step.h"

namespace ingestr {

// `rules` are those of the table.
bool needs_new_table(const RetypeColumn& step, const std::vector<Rule>& rules, Tables& tables);

// Makes the table anew, with all its rules and rows, in the transaction that is open. Throws Error(bad_data), naming neither column nor
// table, where a rule forbids that.
void retype_in_new_table(const RetypeColumn& step, const std::vector<Rule>& rules, Tables& tables, const DuckdbDialect& dialect,
                         duck::Connection& connection);

}  // namespace ingestr
