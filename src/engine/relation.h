// Relation: rows that the embedded engine can read itself, so that none of them passes through our code one by one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/schema.h"
#include "duck/function.h"

namespace ingestr {

// Where rows are before the engine reads them, for a destination of the same kind that can take them from there itself.
class Origin {
 public:
  virtual ~Origin() = default;
};

struct Relation {
  // Statements to run first, on the same connection, each on its own: LOAD, ATTACH, SET.
  std::vector<std::string> before{};
  // What else `select` calls: to be made known to the engine before.
  std::vector<duck::TextFunction> functions{};
  // A SELECT in DuckDB's SQL with the functions of duck/exact_sql.h. Its rows come in the order of the source. Fit to
  // stand in parentheses behind FROM.
  std::string select;
  // What it gives: names and types, by position. No column is inferred.
  Schema schema;
  uint64_t row_bytes = 0;  // about what a row takes as text; 0: not known
  uint64_t rows = 0;       // about how many there are; 0: not known
  // The types are those of a sample; a row that does not fit stops the SELECT with Error(bad_data).
  bool provisional = false;
  // The same rows, columns in this order and of these types; none when something is done to them on their way.
  std::shared_ptr<const Origin> origin{};
};

}  // namespace ingestr
