// Landing tables of MySQL on their way to what a target takes. None of this is in a transaction: a landing table is nobody
// else's, and when something goes wrong it goes as a whole.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "destinations/database/mysql_dialect.h"
#include "destinations/database/mysql_kept.h"
#include "destinations/database/mysql_tables.h"
#include "engine/step.h"

namespace ingestr::database {

// The name of a table that helps with `table`, in its schema; to the next run it is a landing table like others.
TableName helper_of(const TableName& table, std::string_view purpose);

// One thread at a time, the client's.
class MysqlRewriter {
 public:
  using Claim = std::function<void(const TableName& landing)>;

  // All outlive it. `claim` makes a table known as this run's, before it exists.
  MysqlRewriter(MysqlClient& client, MysqlTables& tables, const MysqlDialect& dialect, Claim claim)
      : client_(client), tables_(tables), dialect_(dialect), claim_(std::move(claim)) {}

  // A column that gets another type and, in each row, the value of an expression over the old ones.
  struct Change {
    std::string column;
    std::string declaration;
    std::string value;
  };
  // Lenient: an expression that cannot be worked out is NULL and not an error.
  enum class Mode { strict, lenient };
  // In one pass over the rows, whatever the number of columns.
  void rewrite(const TableName& table, const std::vector<Change>& changes, Mode mode);
  // Runs a statement in that mode.
  void run(const std::string& sql, Mode mode);

  // What a column of the table keeps when it becomes `to`, so that the server takes it. As kept_of().
  MysqlKept kept(const TableName& table, const MysqlColumn& column, const Type& to, bool converted);
  // Gives a column of a table without rows another declaration, with what the server takes of `kept`; the rest becomes lost.
  void retype_empty(const TableName& table, const std::string& column, const std::string& declaration, MysqlKept& kept);

  // Columns of the landing table get the types that those of the target have, whoever declared them. Throws Error(bad_data) for a
  // value that such a type does not hold as it is.
  void fit(const TableName& landing, const TableName& target, const std::vector<CopiedColumn>& columns);

  // Rows of the landing table are found by these columns, and can be marked as found.
  void index(const TableName& landing, const std::vector<std::string>& columns);

  // The landing table has the columns that landed and no other.
  void strip(const TableName& landing);

  // Throws Error(bad_data) for values, SQL of the type `from` over the rows of `from_table`, that the column would change.
  void require_fit(const TableName& from_table, const TableName& target, const MysqlColumn& column, const std::string& value,
                   const Type& from);

 private:
  void require_values(const TableName& from_table, const TableName& target, const MysqlColumn& column, const std::string& value);
  void require_room(const TableName& from_table, const TableName& target, const MysqlColumn& column, const std::string& value);

  MysqlClient& client_;
  MysqlTables& tables_;
  const MysqlDialect& dialect_;
  Claim claim_;
};

}  // namespace ingestr::database
