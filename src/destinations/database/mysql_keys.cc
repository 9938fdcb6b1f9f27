#include "destinations/database/mysql_keys.h"

#include <fmt/format.h>

#include <algorithm>

namespace ingestr::database {

std::map<std::string, std::string> told_apart_by(const std::vector<MysqlColumn>& columns, const MysqlDialect& dialect) {
  std::map<std::string, std::string> told;
  for (const MysqlColumn& column : columns) {
    if (!column.type.ends_with("text") && !column.type.ends_with("blob")) continue;
    std::string value = dialect.identifier(column.name);
    if (!column.collation.empty() && column.collation != dialect.collation()) {
      const bool counts_blanks = column.collation.find("nopad") != std::string::npos || column.collation.find("_0900_") != std::string::npos;
      value = fmt::format("WEIGHT_STRING({})", counts_blanks ? value : fmt::format("TRIM(TRAILING ' ' FROM {})", value));
    }
    told.emplace(column.name, fmt::format("SHA2({}, 256)", value));
  }
  return told;
}

bool has_key_of_others(const std::vector<MysqlColumn>& columns, const Deduplicate& step, const MysqlDialect& dialect) {
  return std::ranges::any_of(columns, [&](const MysqlColumn& column) {
    return std::ranges::find(step.key, column.name) != step.key.end() && !column.collation.empty() && column.collation != dialect.collation();
  });
}

}  // namespace ingestr::database
