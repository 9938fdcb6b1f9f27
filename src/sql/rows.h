// The statements of steps that move, merge and delete rows, for to_sql() (sql/dialect.h).
#pragma once

#include <string>
#include <vector>

#include "engine/step.h"
#include "sql/dialect.h"

namespace ingestr {

std::vector<std::string> deduplicate_sql(const Deduplicate& step, const Dialect& dialect);
std::vector<std::string> insert_sql(const InsertRows& step, const Dialect& dialect);
std::vector<std::string> merge_sql(const MergeRows& step, const Dialect& dialect);
std::vector<std::string> delete_sql(const DeleteInterval& step, const Dialect& dialect);
std::vector<std::string> delete_sql(const DeleteLandedRange& step, const Dialect& dialect);
std::vector<std::string> delete_sql(const DeleteLandedValues& step, const Dialect& dialect);

}  // namespace ingestr
