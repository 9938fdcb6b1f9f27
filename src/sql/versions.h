// The statements of scd2's steps, for to_sql() (sql/dialect.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/step.h"
#include "sql/dialect.h"

namespace ingestr {

std::vector<std::string> versions_sql(const AddVersionColumns& step, const Dialect& dialect);
std::vector<std::string> versions_sql(const CloseVersions& step, const Dialect& dialect);
std::vector<std::string> versions_sql(const InsertVersions& step, const Dialect& dialect);

// The one statement of an InsertVersions that inserts: of the rows called `source` that fulfil `condition`, which no current version has.
std::string insert_versions_sql(const InsertVersions& step, std::string_view condition, const Dialect& dialect);

}  // namespace ingestr
