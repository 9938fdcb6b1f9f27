// Check: what a step asks of the rows that are there, as SQL.
#pragma once

#include <string>
#include <vector>

#include "engine/step.h"
#include "sql/dialect.h"

namespace ingestr {

struct Check {
  std::string select;  // one number: the rows that are not as they must be
  std::string fault;   // what is wrong with them; "{}" stands for "1 row has" or "12 rows have"

  // Throws Error(bad_data) unless there are none.
  void judge(uint64_t rows) const;
};

// None for a step that is no check of rows.
std::vector<Check> checks_of(const Step& step, const Dialect& dialect);

// A query that the database can make sense of only if it can of the predicate.
std::string predicate_sql(const RequirePredicate& step, const Dialect& dialect);

}  // namespace ingestr
