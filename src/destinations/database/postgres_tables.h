// What tables a PostgreSQL database has, as far as a load wants to know.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/schema.h"
#include "database/postgres_client.h"
#include "sql/target_table.h"

namespace ingestr::database {

// One thread at a time, the client's, which outlives it.
class PostgresTables {
 public:
  explicit PostgresTables(PostgresClient& client) : client_(client) {}

  TableKind kind_of(const TableName& table);

  struct TableColumn {
    std::string name;
    std::string type;         // as format_type() has it, with its length or precision
    bool is_generated = false;
    bool is_cut = false;  // it is made of a domain over a type to which casts cut or round values
    enum class Identity { none, by_default, always } identity = Identity::none;
    std::optional<std::string> initial = std::nullopt;  // its default, as SQL; not of an identity column
    std::optional<std::string> collation = std::nullopt;  // as SQL, where texts that differ may be one to it
    std::string made_of = {};  // its type without domains, or that of its elements, without length or precision
  };
  std::vector<TableColumn> columns(const TableName& table);

  // What stands in the way of putting rows in the place of all that a table has.
  struct Removal {
    bool is_partitioned = false;
    bool has_children = false;  // tables that inherit from it, with rows of their own
    bool may_keep_rows = false; // by triggers or rules
  };
  Removal removal_of(const TableName& table);

  // Throws Error(unsupported) when row level security may hide rows of the table from the user of the session in commands of these kinds, each
  // with its letter in pg_policy: they would stay beside those that are to take their places. A constraint sees all rows, so one of the columns
  // of `key` lets none come beside a row that is not seen; empty: it is not by a key that rows take places.
  void require_sight(const TableName& table, std::string_view commands, const std::vector<std::string>& key);

  // Throws Error(unsupported) when rows of other tables would go, or change, with rows of this one.
  void require_no_cascade(const TableName& table);

  // Nothing: there is no such table. Throws Error(unsupported) for what takes no rows of ours: a view, a foreign table, a
  // column of a type that would round or cut what is no type of ours, by its name.
  std::optional<Schema> describe(const TableName& table);

  // With the default schema filled in: the first of the search path that exists. Throws Error(usage) when there is none, and
  // for names that nothing of ours may have.
  TableName resolve(const TableName& table) const;

  // Landing tables that the user of the session may drop.
  std::vector<TableName> landings();

  // A foreign key that refers to a table, and the statements that take it away and make it again.
  struct Reference {
    std::string drop;
    std::string add;
  };
  std::vector<Reference> references_to(const TableName& table);

 private:
  bool is_unique(const TableName& table, const std::vector<std::string>& columns);

  PostgresClient& client_;
};

}  // namespace ingestr::database
