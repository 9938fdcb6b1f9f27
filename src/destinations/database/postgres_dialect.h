// PostgreSQL's SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect.h"

namespace ingestr::database {

class PostgresDialect final : public Dialect {
 public:
  // PostgreSQL would cut a longer one, without a word.
  static constexpr size_t kLongestName = 63;

  // Throws Error(unsupported) for a name that is too long.
  std::string identifier(std::string_view name) const override;
  std::string type(const Type& type) const override;
  // Into a table without an identity column it says nothing.
  std::string overriding() const override { return " OVERRIDING SYSTEM VALUE"; }
  std::string converted(const std::string& value, const Type& from, const Type& to) const override;
  // By functions of the session, see functions().
  std::string try_converted(const std::string& value, const Type& from, const Type& to) const override;
  std::string fitted(const std::string& value, const Type& from, const Type& to) const override;
  // Types without an equality, as JSON, are compared by the texts of their values.
  std::string differ(const std::string& a, const std::string& b, const Type& type) const override;
  // A column of the landing table that counts. The ctid does not rise: a short row may go where a long one had no room.
  static constexpr std::string_view kPlace = "_ingestr_landed_as";
  std::string row_place() const override { return std::string(kPlace); }
  std::string place_column() const override;
  bool keeps_row_places() const override { return false; }
  std::vector<std::string> decode(const DecodeColumn& step) const override;
  // One statement that sees the target as it was: UPDATE of the rows that match, INSERT of those that match none. PostgreSQL
  // has MERGE only since version 15, and it is no faster.
  std::vector<std::string> merge(const MergeRows& step) const override;

  // Makes the functions that try_converted() and fitted() call, in the session's own schema.
  static std::string functions();
  // Whether the step's statements or checks call them.
  static bool needs_functions(const Step& step);
};

}  // namespace ingestr::database
