// SQLite's SQL. Rows on their way are elsewhere (destinations/database/sqlite_store.h), so it changes targets only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect.h"

namespace ingestr::database {

// Stateless.
class SqliteDialect final : public Dialect {
 public:
  // Where rows that a target is to take or to be compared with are put; see rows_to_sqlite().
  static constexpr std::string_view kRows = "temp._ingestr_rows";

  std::string type(const Type& type) const override;
  std::string time(SystemTime time, const Type& type) const override;
  // By functions of the session, database/sqlite_functions.h.
  std::string converted(const std::string& value, const Type& from, const Type& to) const override;
  std::string try_converted(const std::string& value, const Type& from, const Type& to) const override;
  // A condition: a value of a column is none of the type `from`, though not NULL, and converted() would make another one of it.
  // Empty: it leaves all as they are, or makes texts of them.
  std::string cannot_become(const std::string& value, const Type& from, const Type& to) const;
  std::string boolean(bool value) const override { return value ? "1" : "0"; }
  std::string differ(const std::string& a, const std::string& b, const Type& type) const override;
  std::string ordered(const std::string& column, const Type& type) const override;  // text by its bytes
  std::string landed_rows(const TableName& landing, const std::vector<CopiedColumn>& columns) const override;  // kRows
  std::string same_key(const std::vector<CopiedColumn>& columns, const std::vector<std::string>& key) const override;
  // A column of kRows in an index by which the statements below find its rows; `collation` is that of the target's column.
  std::string indexed(const std::string& column, const Type& type, std::string_view collation) const;
  std::vector<std::string> decode(const DecodeColumn& step) const override;  // none: the rows have it done
  // The statements of steps whose rows are in kRows, in columns called as in the target and of its types.
  std::vector<std::string> merge(const MergeRows& step) const override;
  std::vector<std::string> insert_versions(const InsertVersions& step) const override;
  std::vector<std::string> delete_values(const DeleteLandedValues& step) const override;
  // `low` and `high` are literals.
  std::string delete_range(const TableName& table, const CopiedColumn& column, const std::string& low, const std::string& high) const;
};

}  // namespace ingestr::database
