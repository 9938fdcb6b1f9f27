// Dialect: how one database writes what all SQL databases mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "data/schema.h"
#include "engine/destination.h"

namespace ingestr {

// Stateless but for what never changes (a catalog's name); thread-safe. The defaults are standard
// SQL.
class Dialect {
 public:
  virtual ~Dialect() = default;

  // A name in quotes, so that case, dots, spaces and reserved words mean nothing. Throws
  // Error(unsupported) for a name that the database cannot have.
  virtual std::string identifier(std::string_view name) const;
  // Qualified as far as the database wants it.
  virtual std::string schema(std::string_view name) const;
  virtual std::string table(const TableName& name) const;
  // Literals: 'it''s', and one of the type of a timestamp_tz column.
  virtual std::string text(std::string_view value) const;
  virtual std::string timestamp(SystemTime time) const;

  // The name of a type, e.g. "VARCHAR[]". Throws Error(unsupported) when the database has nothing
  // that holds it.
  virtual std::string type(const Type& type) const = 0;
  // The type that a column has while rows land: that of JSON text for an inferred one.
  std::string landing_type(const Column& column) const;

  // What CREATE TABLE has behind the columns; empty: nothing.
  virtual std::string table_options() const { return ""; }
  // NULL of a type, in an expression.
  virtual std::string null(const Type& type) const;
  // A value of a boolean column; TRUE as a literal that may stand behind DEFAULT.
  virtual std::string boolean(bool value) const { return value ? "TRUE" : "FALSE"; }
  virtual std::string default_true() const { return "'true'"; }
  // What an INSERT has behind its columns so that it may bring values for those that the database counts up; empty: nothing.
  virtual std::string overriding() const { return ""; }

  // One of a timestamp or timestamp_tz column that stands in an expression.
  virtual std::string time(SystemTime time, const Type& type) const;
  // `value`, an expression of the type `from`, as one of its wider types (engine/evolution.h). What
  // is no JSON becomes a JSON value: text a string, not JSON text. The second gives NULL where that
  // is impossible.
  virtual std::string converted(const std::string& value, const Type& from, const Type& to) const;
  virtual std::string try_converted(const std::string& value, const Type& from,
                                    const Type& to) const;
  // `value` as a type that is no wider one: NULL where it is not exactly a value of that type. Only
  // numbers become numbers, dates and timestamps each other, lists lists; what text and JSON values
  // may become is the database's matter.
  virtual std::string fitted(const std::string& value, const Type& from, const Type& to) const;
  // A condition: the values, both of the type, are not the same, NULL being a value like others.
  virtual std::string differ(const std::string& a, const std::string& b, const Type& type) const;
  // A column where its values are less and more than others.
  virtual std::string ordered(const std::string& column, const Type& type) const;
  // Landed rows as they go into a target, to stand behind FROM: `(SELECT … FROM table)`.
  virtual std::string landed_rows(const TableName& landing, const std::vector<CopiedColumn>& columns) const;
  // A condition: a row of the table `target` and one of `source`, whose columns are called as in the target, have the same key.
  virtual std::string same_key(const std::vector<CopiedColumn>& columns, const std::vector<std::string>& key) const;
  // What each row of a table has, and rises from the first row that landed to the last. Whether rows have the same place
  // when a column has got another type:
  virtual std::string row_place() const { return "rowid"; }
  // What CREATE TABLE has behind the columns so that the rows of an ordered table have places; empty: they have anyway.
  virtual std::string place_column() const { return ""; }
  virtual bool keeps_row_places() const { return true; }

  // The statements that give a column another type and, in each row, the value of an expression over the old ones.
  virtual std::vector<std::string> retype(const TableName& table, const std::string& column, const Type& type,
                                          const std::string& value) const;
  // The statement that takes the default of a column away.
  virtual std::string drop_default(const TableName& table, std::string_view column) const;
  // The statements of a DecodeColumn; none where the column has its type already.
  virtual std::vector<std::string> decode(const DecodeColumn& step) const = 0;
  // The statements of a Deduplicate.
  virtual std::vector<std::string> deduplicate(const Deduplicate& step) const;
  // The statements of a MergeRows. By default the standard's MERGE.
  virtual std::vector<std::string> merge(const MergeRows& step) const;
  // Those of scd2's steps, and of a DeleteLandedValues.
  virtual std::vector<std::string> close_versions(const CloseVersions& step) const;
  virtual std::vector<std::string> insert_versions(const InsertVersions& step) const;
  virtual std::vector<std::string> delete_values(const DeleteLandedValues& step) const;
};

// The statements that do a step, in order, each on its own. DropLandings gives none: only the
// destination knows the names, and turns them into DropTable steps. A check (sql/check.h) and what is
// only counted (sql/discard.h) give none either. Throws Error(unsupported) for a
// table without columns.
std::vector<std::string> to_sql(const Step& step, const Dialect& dialect);

// The statement that gives a table one more column, as it lands.
std::string add_column_sql(const TableName& table, const Column& column, const Dialect& dialect);

}  // namespace ingestr
