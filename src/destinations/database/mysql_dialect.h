// The SQL of MySQL and MariaDB, for a session of database/mysql_client.h.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect.h"

namespace ingestr::database {

// Statements that change a target take the landing table's columns to have the target's types already (MysqlRewriter::fit()),
// and it to have kMatched.
class MysqlDialect final : public Dialect {
 public:
  static constexpr size_t kLongestName = 64;  // characters, of which each has a byte at least
  // A column of a landing table: whether the row was found in the target.
  static constexpr std::string_view kMatched = "_ingestr_matched";
  // Another one: it counts the rows as they come.
  static constexpr std::string_view kPlace = "_ingestr_landed_as";

  // `collation`: of text columns of ours, one that tells all texts apart.
  explicit MysqlDialect(std::string collation) : collation_(std::move(collation)) {}

  const std::string& collation() const { return collation_; }
  // Throws Error(unsupported) for a name that is too long, or has characters beyond U+FFFF.
  std::string identifier(std::string_view name) const override;
  std::string type(const Type& type) const override;
  std::string timestamp(SystemTime time) const override;
  std::string time(SystemTime time, const Type& type) const override;
  std::string null(const Type& type) const override;
  std::string boolean(bool value) const override { return value ? "1" : "0"; }
  std::string default_true() const override { return "1"; }
  std::string table_options() const override { return "ENGINE=InnoDB"; }
  std::string converted(const std::string& value, const Type& from, const Type& to) const override;
  std::string try_converted(const std::string& value, const Type& from, const Type& to) const override;
  std::string fitted(const std::string& value, const Type& from, const Type& to) const override;
  std::string differ(const std::string& a, const std::string& b, const Type& type) const override;
  std::string row_place() const override { return std::string(kPlace); }
  std::string place_column() const override;
  bool keeps_row_places() const override { return false; }
  std::string drop_default(const TableName& table, std::string_view column) const override;
  // None: columns get other types all at once, by decoded() and fitted().
  std::vector<std::string> retype(const TableName& table, const std::string& column, const Type& type,
                                  const std::string& value) const override;
  std::vector<std::string> decode(const DecodeColumn& step) const override;
  std::vector<std::string> deduplicate(const Deduplicate& step) const override;
  std::vector<std::string> merge(const MergeRows& step) const override;
  std::vector<std::string> close_versions(const CloseVersions& step) const override;
  std::vector<std::string> insert_versions(const InsertVersions& step) const override;
  std::vector<std::string> delete_values(const DeleteLandedValues& step) const override;

  // The same, with the key's columns that are texts or bytes of any length.
  // `told_by`: by what values of some columns are told apart, as SQL; others by themselves.
  std::string deduplicate(const Deduplicate& step, const std::map<std::string, std::string>& told_by) const;
  // The value of a DecodeColumn's column; empty: it stays as it landed.
  std::string decoded(const DecodeColumn& step) const;

 private:
  std::string collation_;
};

}  // namespace ingestr::database
