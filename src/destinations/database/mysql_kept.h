// What a column of MySQL keeps when it gets another type: MODIFY COLUMN takes away all that it does not repeat.
#pragma once

#include <string>
#include <vector>

#include "destinations/database/mysql_dialect.h"
#include "destinations/database/mysql_types.h"

namespace ingestr::database {

struct MysqlKept {
  bool is_nullable = true;
  std::vector<std::string> parts;  // of its declaration: "DEFAULT 7", "COMMENT 'years'", "CHECK (`n` > 0)"
  std::vector<std::string> lost;   // what the type does not allow, for people: "n CHECK (`n` > 0)"

  // Behind its type.
  std::string sql() const;
};

// Of a column that becomes `to`, declared so. `converted`: its values become others, and so does its default. What compares values says
// nothing of those of another kind, and a comment by which a type of ours is known has no room for another one.
MysqlKept kept_of(const MysqlColumn& column, const std::string& declaration, const Type& to, bool converted, const MysqlDialect& dialect);

}  // namespace ingestr::database
