// TextRows: the rows of a SELECT as text, for what writes them down one by one.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "duck/connection.h"

namespace ingestr::duck {

// Rows are worked out while they are read. One thread at a time, the connection's, which does nothing else meanwhile and
// outlives it.
class TextRows {
 public:
  // All columns of `select` are VARCHAR. Throws what duck/failure.h says, here and while rows are read.
  TextRows(Connection& connection, const std::string& select);
  ~TextRows();
  TextRows(const TextRows&) = delete;
  TextRows& operator=(const TextRows&) = delete;

  // Goes to the first or the next row. False: there is none, and will be none.
  bool next();
  // Of the row; nothing: NULL. Valid until next().
  std::optional<std::string_view> at(size_t column) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ingestr::duck
