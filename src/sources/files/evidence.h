// Evidence: what the values of each column of a text file say of its type.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "data/exact_value.h"
#include "data/schema.h"
#include "data/type_evidence.h"
#include "duck/connection.h"

namespace ingestr::files {

class Evidence {
 public:
  Evidence() = default;
  // `texts` as duck::evidence_sql() gives them; nothing: no value was seen.
  Evidence(const std::vector<std::string>& names, const duck::Connection::Row& texts);

  // The types that the values allow.
  Schema schema() const;
  // That of a column that takes them, if it takes all, else the one learnt, or a DECIMAL by which one becomes wider. value_sql() goes by
  // it from then on.
  Type type_for(const Column& learnt, const Type& target, NumberForm form);
  // `text`, an expression, as a value of the column.
  std::string value_sql(const std::string& text, const Column& column, NumberForm form) const;

 private:
  std::vector<std::string> names_;
  std::vector<TypeEvidence> seen_;  // one for each
  std::set<std::string> fitted_;    // names of columns that go by what takes them
};

}  // namespace ingestr::files
