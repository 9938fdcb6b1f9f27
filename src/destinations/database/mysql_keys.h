// What MySQL takes for one key: that goes by the collations of its columns.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "destinations/database/mysql_dialect.h"
#include "destinations/database/mysql_types.h"
#include "engine/step.h"

namespace ingestr::database {

// By what values of long columns are told apart, as SQL: by their hash, for they would be sorted by their first bytes only. It is the
// hash of the bytes, or of what a collation that we did not choose takes them for.
std::map<std::string, std::string> told_apart_by(const std::vector<MysqlColumn>& columns, const MysqlDialect& dialect);

// Whether a column of the key has a collation that we did not choose.
bool has_key_of_others(const std::vector<MysqlColumn>& columns, const Deduplicate& step, const MysqlDialect& dialect);

}  // namespace ingestr::database
