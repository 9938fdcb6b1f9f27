// The statements of steps that move, merge and delete rows, for to_sql() (sql/dialect.h).
#pragma once

#include <string>
#include <vector>

#include "engine/step.h"
#include "sql/dialect.h"

namespace ingestr {

// A landed column as it goes into the target.
std::string copied_value(const CopiedColumn& column, const Dialect& dialect);

// When a row of the table `target` and one of `source` match.
std::string merge_condition(const MergeRows& step, const Dialect& dialect);

// As a Deduplicate does, with its key by values that SQL gives: `"id"`, `lower("name")`.
std::string deduplicate_sql(const TableName& table, const std::vector<std::string>& key, const std::string& order_by, const Dialect& dialect);
std::vector<std::string> deduplicate_sql(const Deduplicate& step, const Dialect& dialect);
std::vector<std::string> insert_sql(const InsertRows& step, const Dialect& dialect);
std::vector<std::string> merge_sql(const MergeRows& step, const Dialect& dialect);
std::vector<std::string> delete_sql(const DeleteInterval& step, const Dialect& dialect);
std::vector<std::string> delete_sql(const DeleteLandedRange& step, const Dialect& dialect);
std::vector<std::string> delete_sql(const DeleteLandedValues& step, const Dialect& dialect);

}  // namespace ingestr
