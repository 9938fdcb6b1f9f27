#include "destinations/database/mysql_replace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"

namespace ingestr::database {
namespace {

using Columns = std::vector<MysqlColumn>;
using Texts = std::vector<std::string>;

// What makes the columns of an empty table those that land, those that mean the same to us being left alone.
struct ColumnChanges {
  struct Retyped {
    const MysqlColumn* there;
    const MysqlColumn* wanted;
  };
  Texts added, dropped;  // parts of an ALTER TABLE
  std::vector<Retyped> retyped;
};

ColumnChanges column_changes(const Columns& there, const Columns& landed, const MysqlDialect& dialect) {
  ColumnChanges changes;
  for (const MysqlColumn& column : there) {
    const std::string name = dialect.identifier(column.name);
    const MysqlColumn* wanted = find_named(landed, column.name);
    if (wanted == nullptr) {
      if (!column.is_generated) changes.dropped.push_back("DROP COLUMN " + name);
    } else if (!takes_as_it_is(column, *wanted)) {
      changes.retyped.push_back({&column, wanted});
    }
  }
  for (const MysqlColumn& column : landed) {
    if (find_named(there, column.name) == nullptr) {
      changes.added.push_back(fmt::format("ADD COLUMN {} {} NULL", dialect.identifier(column.name), column.declaration()));
    }
  }
  return changes;
}

class Replacement {
 public:
  Replacement(MysqlClient& client, MysqlTables& tables, const MysqlDialect& dialect, MysqlRewriter& rewriter, TableName from, TableName to)
      : client_(client), tables_(tables), dialect_(dialect), rewriter_(rewriter), from_(std::move(from)), to_(std::move(to)),
        landed_(tables.columns(from_)), there_(tables.columns(to_)), changes_(column_changes(there_, landed_, dialect)) {}

  bool is_plain() const {
    return std::ranges::all_of(there_, [&](const MysqlColumn& column) { return is_declared_as_ours(column, dialect_.collation()); });
  }

  // Returns what the new columns do not allow.
  Texts into_copy(const TableName& copy);
  void in_place(const std::vector<MysqlTables::Reference>& references);

 private:
  Texts retype(const TableName& copy);
  void alter(const TableName& table, const Texts& changes) {
    if (!changes.empty()) client_.execute(fmt::format("ALTER TABLE {} {}", dialect_.table(table), fmt::join(changes, ", ")));
  }
  void insert(const TableName& into);
  void require_parents(const MysqlTables::Reference& reference);

  MysqlClient& client_;
  MysqlTables& tables_;
  const MysqlDialect& dialect_;
  MysqlRewriter& rewriter_;
  TableName from_, to_;
  Columns landed_, there_;
  ColumnChanges changes_;
};

void Replacement::insert(const TableName& into) {
  Texts names;
  for (const MysqlColumn& column : landed_) {
    names.push_back(dialect_.identifier(column.name));
    const MysqlColumn* to = find_named(there_, column.name);
    const std::optional<Type> type = type_of_mysql(column);
    if (to != nullptr && type && type_of_mysql(*to) == type) rewriter_.require_fit(from_, to_, *to, names.back(), *type);
  }
  change_rows(client_, tables_, into, fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2}", dialect_.table(into), fmt::join(names, ", "),
                                                  dialect_.table(from_)));
}

Texts Replacement::retype(const TableName& copy) {
  Texts lost;
  for (const auto& [there, wanted] : changes_.retyped) {
    const std::string declaration = wanted->declaration();
    MysqlKept kept = kept_of(*there, declaration, type_of_mysql(*wanted).value_or(TypeId::varchar), false, dialect_);
    rewriter_.retype_empty(copy, there->name, declaration, kept);
    lost.insert(lost.end(), kept.lost.begin(), kept.lost.end());
  }
  return lost;
}

Texts Replacement::into_copy(const TableName& copy) {
  client_.execute(fmt::format("DROP TABLE IF EXISTS {}", dialect_.table(copy)));
  client_.execute(fmt::format("CREATE TABLE {} LIKE {}", dialect_.table(copy), dialect_.table(to_)));
  alter(copy, changes_.added);
  Texts lost = retype(copy);
  alter(copy, changes_.dropped);
  // Numbers that were given are not given again.
  if (const uint64_t next = tables_.next_number(to_); next > 1 && tables_.next_number(copy) > 0) {
    client_.execute(fmt::format("ALTER TABLE {} AUTO_INCREMENT = {}", dialect_.table(copy), next));
  }
  insert(copy);
  return lost;
}

void Replacement::require_parents(const MysqlTables::Reference& reference) {
  Texts same, known;
  for (size_t i = 0; i < reference.columns.size(); ++i) {
    same.push_back(fmt::format("child.{} = parent.{}", dialect_.identifier(reference.columns[i]), dialect_.identifier(reference.referred[i])));
    known.push_back(fmt::format("child.{} IS NOT NULL", dialect_.identifier(reference.columns[i])));
  }
  const auto count = client_.query(fmt::format("SELECT count(*) FROM {} AS child LEFT JOIN {} AS parent ON {} WHERE {} AND parent.{} IS NULL",
                                               dialect_.table(reference.from), dialect_.table(to_), fmt::join(same, " AND "),
                                               fmt::join(known, " AND "), dialect_.identifier(reference.referred[0])))[0][0].value();
  if (count == "0") return;
  throw Error(ErrorKind::constraint,
              fmt::format("a row that {} refers to, by its foreign key {}, would be gone ({} there)", to_string(reference.from),
                          reference.name, count == "1" ? "1 row" : group_digits(std::stoull(count)) + " rows"));
}

void Replacement::in_place(const std::vector<MysqlTables::Reference>& references) {
  if (!changes_.retyped.empty() || !changes_.dropped.empty()) {
    Texts names;
    for (const MysqlColumn& column : there_) {
      const MysqlColumn* wanted = find_named(landed_, column.name);
      const bool changes = wanted == nullptr ? !column.is_generated : !takes_as_it_is(column, *wanted);
      if (changes) names.push_back(column.name);
    }
    throw Error(ErrorKind::unsupported,
                fmt::format("{} would have to lose columns or change their types ({}), which MySQL does in no transaction, and it has "
                            "triggers, foreign keys or a history, so that no other table can take its place; change the table, or drop those",
                            to_string(to_), fmt::join(names, ", ")));
  }
  Texts added;
  for (const MysqlColumn& column : landed_) {
    if (find_named(there_, column.name) == nullptr) added.push_back(column.name);
  }
  tables_.require_changeable(to_, added);
  alter(to_, changes_.added);
  Transaction transaction(client_);
  // Rows that others refer to go for a moment. Setting this ends no transaction.
  client_.execute("SET SESSION foreign_key_checks = 0");
  try {
    client_.execute(fmt::format("DELETE FROM {}", dialect_.table(to_)));
  } catch (const Error&) {
    client_.execute("SET SESSION foreign_key_checks = 1");
    throw;
  }
  client_.execute("SET SESSION foreign_key_checks = 1");
  insert(to_);
  for (const auto& reference : references) require_parents(reference);
  transaction.commit();
}

}  // namespace

Texts replace_table(MysqlClient& client, MysqlTables& tables, const MysqlDialect& dialect, MysqlRewriter& rewriter,
                    const MysqlRewriter::Claim& claim, const TableName& from, const TableName& to) {
  Replacement replacement(client, tables, dialect, rewriter, from, to);
  const MysqlTables::Belongings has = tables.belongings(to);
  const auto references = tables.references_to(to);
  // The target has been replaced by then.
  const auto drop_landing = [&] { despite_stop([&] { client.execute(fmt::format("DROP TABLE IF EXISTS {}", dialect.table(from))); }); };
  if (has.triggers || has.foreign_keys || has.history || !references.empty()) {
    replacement.in_place(references);
    drop_landing();
    return {};
  }
  if (!has.indexes && !has.options && replacement.is_plain()) {
    swap_tables(client, tables, dialect, claim, from, to);
    return {};
  }
  const TableName copy = helper_of(to, "new");
  claim(copy);
  const Texts lost = replacement.into_copy(copy);
  swap_tables(client, tables, dialect, claim, copy, to);
  drop_landing();
  return lost;
}

void swap_tables(MysqlClient& client, MysqlTables& tables, const MysqlDialect& dialect, const MysqlRewriter::Claim& claim,
                 const TableName& from, const TableName& to) {
  const std::string renamed = fmt::format("{} TO {}", dialect.table(from), dialect.table(to));
  const TableKind kind = tables.kind_of(to);
  check_place(kind, to);
  if (kind == TableKind::nothing) return client.execute("RENAME TABLE " + renamed);
  const TableName old = helper_of(to, "old");
  claim(old);
  const std::string drop_old = fmt::format("DROP {} IF EXISTS {}", kind == TableKind::view ? "VIEW" : "TABLE", dialect.table(old));
  client.execute(drop_old);
  client.execute(fmt::format("RENAME TABLE {} TO {}, {}", dialect.table(to), dialect.table(old), renamed));
  try {
    despite_stop([&] { client.execute(drop_old); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::constraint) throw;
    client.execute(fmt::format("RENAME TABLE {} TO {}, {} TO {}", dialect.table(to), dialect.table(from), dialect.table(old), dialect.table(to)));
    throw Error(ErrorKind::auth,
                fmt::format("a foreign key of a table that the user may not see refers to {}, so it cannot be replaced; grant SELECT on that table, or "
                            "load by another --incremental-strategy", to_string(to)));
  }
}

}  // namespace ingestr::database
