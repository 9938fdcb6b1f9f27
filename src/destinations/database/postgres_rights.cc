#include "destinations/database/postgres_rights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "destinations/database/landing.h"
#include "destinations/database/postgres_dialect.h"
#include "duck/text.h"
#include "engine/row_change.h"

namespace ingestr::database {
namespace {

using Rights = std::vector<std::string>;

constexpr std::string_view kReadOnly = "25006";  // of SQLSTATE

// What steps do to a table that is there.
struct TableNeed {
  TableName table;
  Rights rights;
  bool owns = false;     // its columns change, or it goes
  bool changes = false;  // the same, if the rows have other columns or foreign keys refer to it
};

std::optional<TableNeed> need_of(const Step& step) {
  if (const auto* replaced = std::get_if<ReplaceTable>(&step)) return TableNeed{replaced->to, {"SELECT", "INSERT", "DELETE"}, false, true};
  if (const auto* added = std::get_if<AddColumn>(&step)) return TableNeed{added->table, {}, true};
  if (const auto* retyped = std::get_if<RetypeColumn>(&step)) return TableNeed{retyped->table, {}, true};
  if (const auto* dropped = std::get_if<DropTable>(&step)) return TableNeed{dropped->table, {}, true};
  const std::optional<RowChange> change = row_change(step);
  if (!change) return std::nullopt;
  TableNeed need{change->table, {}};
  if (!is_any_of<InsertRows>(step)) need.rights.emplace_back("SELECT");  // all others look at rows
  if (change->inserts) need.rights.emplace_back("INSERT");
  if (change->updates) need.rights.emplace_back("UPDATE");
  if (change->deletes) need.rights.emplace_back("DELETE");
  return need;
}

// Of each table once; a landing table is the role's own.
std::vector<TableNeed> needs_of(const std::vector<Step>& steps) {
  std::vector<TableNeed> needs;
  for (const Step& step : steps) {
    const std::optional<TableNeed> need = need_of(step);
    if (!need || is_landing(need->table)) continue;
    const auto found = std::ranges::find(needs, need->table, &TableNeed::table);
    TableNeed& all = found != needs.end() ? *found : needs.emplace_back(TableNeed{need->table, {}});
    for (const std::string& right : need->rights) {
      if (std::ranges::find(all.rights, right) == all.rights.end()) all.rights.push_back(right);
    }
    all.owns |= need->owns;
    all.changes |= need->changes;
  }
  return needs;
}

// Schemas in which tables are made.
std::vector<std::string> schemas_of(const std::vector<Step>& steps) {
  std::vector<std::string> schemas;
  for (const Step& step : steps) {
    const auto* created = std::get_if<CreateTable>(&step);
    const auto* renamed = std::get_if<RenameTable>(&step);
    if (created == nullptr && renamed == nullptr) continue;
    const std::string& schema = created != nullptr ? created->table.schema : renamed->from.schema;
    if (std::ranges::find(schemas, schema) == schemas.end()) schemas.push_back(schema);
  }
  return schemas;
}

// Asks the server; names are fit for its SQL.
class Asking {
 public:
  explicit Asking(PostgresClient& client) : client_(client), role_(client.query("SELECT pg_catalog.quote_ident(current_user)")[0][0].value()) {}

  std::optional<std::string> read_only() {
    if (client_.query("SELECT pg_is_in_recovery()")[0][0] == "t") return "the server is a standby, which takes no changes; name the primary one";
    return fmt::format("the role {} may only read there, as default_transaction_read_only is on; {}", role_, cure_of_read_only());
  }

  std::optional<std::string> temporary() {
    const auto row = database();
    return row[2] == "t" ? std::nullopt : lacks({"TEMPORARY"}, "database", "DATABASE ", row);
  }

  // A new one takes a right of the database's.
  std::optional<std::string> schema(const std::string& name) {
    const auto rows = client_.query(fmt::format(
        "SELECT pg_catalog.quote_ident(nspname), pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(nspowner)), "
        "pg_catalog.has_schema_privilege(oid, 'USAGE'), pg_catalog.has_schema_privilege(oid, 'CREATE') FROM pg_catalog.pg_namespace WHERE nspname = {}", duck::quote_text(name)));
    if (rows.empty()) {
      const auto row = database();
      return row[3] == "t" ? std::nullopt : lacks({"CREATE"}, "database", "DATABASE ", row);
    }
    Rights missing;
    if (rows[0][2] != "t") missing.emplace_back("USAGE");
    if (rows[0][3] != "t") missing.emplace_back("CREATE");
    return missing.empty() ? std::nullopt : lacks(missing, "schema", "SCHEMA ", rows[0]);
  }

  std::optional<std::string> table(const TableNeed& need) {
    const auto rows = client_.query(fmt::format(
        "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(r.rolname), r.rolsuper, pg_catalog.pg_has_role(r.oid, 'USAGE'), c.oid FROM "
        "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_roles r ON r.oid = c.relowner "
        "WHERE n.nspname = {} AND c.relname = {}",
        duck::quote_text(need.table.schema), duck::quote_text(need.table.table)));
    if (rows.empty()) return std::nullopt;
    const bool is_own = rows[0][3] == "t";
    if (need.owns && !is_own) return is_others(rows[0], "change its columns or drop it");
    Rights missing;
    for (const std::string& right : need.rights) {
      if (client_.query(fmt::format("SELECT pg_catalog.has_table_privilege({}::oid, '{}')", rows[0][4].value(), right))[0][0] != "t") missing.push_back(right);
    }
    if (!missing.empty()) return lacks(missing, "table", "", rows[0]);
    if (!need.changes) return std::nullopt;
    const auto referring = client_.query(fmt::format(
        "SELECT k.conrelid::regclass, pg_catalog.quote_ident(r.rolname), r.rolsuper FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = "
        "k.conrelid JOIN pg_catalog.pg_roles r ON r.oid = c.relowner WHERE k.confrelid = {}::oid AND k.contype = 'f' AND NOT "
        "pg_catalog.pg_has_role(r.oid, 'USAGE') ORDER BY 1 LIMIT 1",
        rows[0][4].value()));
    if (!referring.empty()) return is_others(referring[0], fmt::format("make its foreign key to {} anew", rows[0][0].value()));
    return is_own ? std::nullopt : is_others(rows[0], "change its columns or the foreign keys to it");
  }

 private:
  Session::Row database() {
    return client_.query("SELECT pg_catalog.quote_ident(datname), pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(datdba)), "
                         "pg_catalog.has_database_privilege(oid, 'TEMPORARY'), "
                         "pg_catalog.has_database_privilege(oid, 'CREATE') FROM pg_catalog.pg_database WHERE datname = current_database()").at(0);
  }

  std::string cure_of_read_only() {
    const auto set_by = client_.query("SELECT source FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only'").at(0)[0].value();
    const auto alter = [](const std::string& what) { return fmt::format("run ALTER {} SET default_transaction_read_only = off", what); };
    if (set_by == "user") return alter("ROLE " + role_) + ", or load as another role";
    if (set_by == "database") return alter("DATABASE " + database()[0].value());
    if (set_by == "database user") return alter(fmt::format("ROLE {} IN DATABASE {}", role_, database()[0].value())) + ", or load as another role";
    return fmt::format("turn it off where it was set ({})", set_by);
  }

  // `row`: name and owner.
  std::optional<std::string> lacks(const Rights& rights, std::string_view what, std::string_view kind, const Session::Row& row) const {
    return fmt::format("the role {0} lacks {1} on the {2} {3}; let its owner {4} run GRANT {1} ON {5}{3} TO {0}", role_, fmt::join(rights, ", "), what,
                       row[0].value(), row[1].value(), kind);
  }

  // `row`: name, owner, whether that is a superuser, whom nobody should have to become.
  std::optional<std::string> is_others(const Session::Row& row, std::string_view to_do) const {
    const auto cure = row[2] == "t" ? fmt::format("let it run ALTER TABLE {} OWNER TO {}", row[0].value(), role_)
                                    : fmt::format("GRANT {0} TO {1}, or load as {0}", row[1].value(), role_);
    return fmt::format("the table {} is owned by {}, and no other role may {}; {}", row[0].value(), row[1].value(), to_do, cure);
  }

  PostgresClient& client_;
  std::string role_;
};

std::optional<std::string> reason_of(PostgresClient& client, const std::vector<Step>& steps) {
  const bool only_reads = client.last_state() == kReadOnly;
  Asking asking(client);
  if (only_reads) return asking.read_only();
  for (const std::string& schema : schemas_of(steps)) {
    if (auto why = asking.schema(schema)) return why;
  }
  for (const TableNeed& need : needs_of(steps)) {
    if (auto why = asking.table(need)) return why;
  }
  return std::ranges::any_of(steps, PostgresDialect::needs_functions) ? asking.temporary() : std::nullopt;
}

}  // namespace

std::optional<std::string> refused_right(PostgresClient& client, const std::vector<Step>& steps) {
  try {
    const auto why = reason_of(client, steps);
    return why ? std::optional(fmt::format("PostgreSQL ({}): {}", client.server().shown(), *why)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace ingestr::database
