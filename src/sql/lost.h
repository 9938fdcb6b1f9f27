// LostParts: what a user is told of parts of tables that `replace` could not keep.
#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "data/schema.h"

namespace ingestr {

class LostParts {
 public:
  // Parts as they are declared: "id DEFAULT 7", "CHECK (id > 0)".
  void add(const TableName& table, const std::vector<std::string>& parts);
  // A warning for each table that lost some since it was last told, such as "dest.people lost what its new columns do not allow: id
  // DEFAULT 7, CHECK (id > 0)". To be told once the transaction is committed.
  void tell(Logger& log);

 private:
  std::vector<std::string> warnings_;
};

}  // namespace ingestr
