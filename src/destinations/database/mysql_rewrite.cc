#include "destinations/database/mysql_rewrite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "engine/destination.h"

namespace ingestr::database {
namespace {

using Texts = std::vector<std::string>;

constexpr size_t kHelperBytes = 60;
constexpr int kIndexCharacters = 700;  // InnoDB has 3072 bytes for a key, and a character has four of them

bool same_declaration(const MysqlColumn& a, const MysqlColumn& b) { return a.type == b.type && a.collation == b.collation; }

// What an index has of a column: of long ones their beginning.
std::string index_part(const MysqlColumn& column, const MysqlDialect& dialect, int characters) {
  const std::string name = dialect.identifier(column.name);
  const std::string_view type = column.type;
  const std::string_view base = type.substr(0, type.find('('));
  const bool is_long = base.ends_with("text") || base.ends_with("blob");
  const bool has_length = base == "varchar" || base == "varbinary" || base == "char" || base == "binary";
  int length = 0;
  if (has_length) std::from_chars(type.data() + base.size() + 1, type.data() + type.size(), length);
  return is_long || length > characters ? fmt::format("{}({})", name, characters) : name;
}

}  // namespace

TableName helper_of(const TableName& table, std::string_view purpose) {
  std::string_view rest = table.table;
  if (rest.starts_with(kLandingPrefix)) rest.remove_prefix(kLandingPrefix.size());
  return {table.schema, shorten_name(fmt::format("{}~{}~{}", kLandingPrefix, purpose, rest), kHelperBytes)};
}

void MysqlRewriter::run(const std::string& sql, Mode mode) {
  if (mode == Mode::strict) return client_.execute(sql);
  client_.execute("SET SESSION sql_mode = REPLACE(@@sql_mode, 'STRICT_ALL_TABLES', '')");
  const auto strictly = [&] { client_.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')"); };
  try {
    client_.execute(sql);
  } catch (const Error&) {
    strictly();
    throw;
  }
  strictly();
}

void MysqlRewriter::rewrite(const TableName& table, const std::vector<Change>& changes, Mode mode) {
  if (changes.empty()) return;
  const TableName other = helper_of(table, "new");
  claim_(other);
  const std::string there = dialect_.table(table), then = dialect_.table(other);
  client_.execute(fmt::format("DROP TABLE IF EXISTS {}", then));
  client_.execute(fmt::format("CREATE TABLE {} LIKE {}", then, there));
  Texts modified, names, values;
  for (const Change& change : changes) modified.push_back(fmt::format("MODIFY COLUMN {} {}", dialect_.identifier(change.column), change.declaration));
  client_.execute(fmt::format("ALTER TABLE {} {}", then, fmt::join(modified, ", ")));
  for (const MysqlColumn& column : tables_.columns(table)) {
    names.push_back(dialect_.identifier(column.name));
    const auto changed = std::ranges::find_if(changes, [&](const Change& change) { return equal_ignoring_case(change.column, column.name); });
    values.push_back(changed == changes.end() ? names.back() : changed->value);
  }
  const std::string insert = fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", then, fmt::join(names, ", "), fmt::join(values, ", "), there);
  mode == Mode::strict ? change_rows(client_, tables_, other, insert) : run(insert, mode);
  client_.execute(fmt::format("DROP TABLE {}", there));
  client_.execute(fmt::format("RENAME TABLE {} TO {}", then, there));
}

MysqlKept MysqlRewriter::kept(const TableName& table, const MysqlColumn& column, const Type& to, bool converted) {
  const std::string declaration = dialect_.type(to);
  MysqlKept kept = kept_of(column, declaration, to, converted, dialect_);
  if (kept.parts.empty()) return kept;
  const TableName probe = helper_of(table, "probe");
  claim_(probe);
  client_.execute(fmt::format("DROP TABLE IF EXISTS {}", dialect_.table(probe)));
  client_.execute(fmt::format("CREATE TABLE {} LIKE {}", dialect_.table(probe), dialect_.table(table)));
  retype_empty(probe, column.name, declaration, kept);
  client_.execute(fmt::format("DROP TABLE {}", dialect_.table(probe)));
  return kept;
}

// All of it, if the server takes that, else part by part.
void MysqlRewriter::retype_empty(const TableName& table, const std::string& column, const std::string& declaration, MysqlKept& kept) {
  const auto modify = [&] {
    client_.execute(fmt::format("ALTER TABLE {} MODIFY COLUMN {} {}{}", dialect_.table(table), dialect_.identifier(column), declaration, kept.sql()));
  };
  const auto could = [&] {
    try {
      modify();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::cancelled || error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::auth) throw;
      return false;
    }
    return true;
  };
  if (could()) return;
  const Texts parts = std::exchange(kept.parts, {});
  modify();
  for (const std::string& part : parts) {
    kept.parts.push_back(part);
    if (could()) continue;
    kept.parts.pop_back();
    kept.lost.push_back(column + " " + part);
  }
}

// The server writes the present time into such a column where it is given NULL, whatever explicit_defaults_for_timestamp says.
void MysqlRewriter::require_values(const TableName& from_table, const TableName& target, const MysqlColumn& column, const std::string& value) {
  if (column.is_nullable || !column.type.starts_with("timestamp")) return;
  const auto count = client_.query(fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL", dialect_.table(from_table), value))[0][0].value();
  if (count == "0") return;
  throw Error(ErrorKind::constraint,
              fmt::format("column {} of {} cannot be NULL, and {} no value there, for which the server would write the time of the load; let the column "
                          "be NULL, or leave it out with --sql-exclude-columns",
                          column.name, to_string(target), count == "1" ? "1 row has" : group_digits(std::stoull(count)) + " rows have"));
}

// A value has another length in another character set.
void MysqlRewriter::require_room(const TableName& from_table, const TableName& target, const MysqlColumn& column, const std::string& value) {
  const std::optional<uint64_t> room = room_of(column);
  if (!room) return;
  const std::string written =
      column.collation.empty() ? value : fmt::format("CONVERT({} USING {})", value, column.collation.substr(0, column.collation.find('_')));
  const auto count = client_.query(fmt::format("SELECT count(*) FROM {} WHERE OCTET_LENGTH({}) > {}", dialect_.table(from_table), written, *room))[0][0].value();
  if (count == "0") return;
  throw Error(ErrorKind::bad_data,
              fmt::format("column {} of {} is of the type {}, which holds {} bytes, and {}; give the column another type (long{}), or load into "
                          "another table",
                          column.name, to_string(target), column.type, group_digits(*room),
                          count == "1" ? "1 row has more" : group_digits(std::stoull(count)) + " rows have more",
                          column.collation.empty() ? "blob" : "text"));
}

void MysqlRewriter::require_fit(const TableName& from_table, const TableName& target, const MysqlColumn& column, const std::string& value,
                                const Type& from) {
  require_values(from_table, target, column, value);
  require_room(from_table, target, column, value);
  const std::string condition = misfit_of(column, value, from);
  if (condition.empty()) return;
  const auto row = client_.query(fmt::format("SELECT count(*), CAST(min({1}) AS CHAR) FROM {0} WHERE {1} IS NOT NULL AND {2}",
                                             dialect_.table(from_table), value, condition)).at(0);
  if (row[0] == "0") return;
  throw Error(ErrorKind::bad_data,
              fmt::format("column {} of {} is of the type {}, which cannot hold {} as it is ({}); give the column another type, or load "
                          "into another table",
                          column.name, to_string(target), column.type, shorten(row[1].value_or(""), 80),
                          row[0] == "1" ? "1 row" : group_digits(std::stoull(*row[0])) + " rows"));
}

void MysqlRewriter::fit(const TableName& landing, const TableName& target, const std::vector<CopiedColumn>& columns) {
  const std::vector<MysqlColumn> there = tables_.columns(target), landed = tables_.columns(landing);
  std::vector<Change> changes;
  for (const CopiedColumn& column : columns) {
    const MysqlColumn* to = find_named(there, column.to);
    const MysqlColumn* from = find_named(landed, column.from);
    if (to == nullptr || from == nullptr) throw Error(ErrorKind::internal, "a copied column is not there: " + column.to);
    if (column.from_type == column.to_type && same_declaration(*from, *to)) continue;
    const std::string name = dialect_.identifier(from->name);
    const std::string value = column.from_type == column.to_type ? name : dialect_.converted(name, column.from_type, column.to_type);
    require_fit(landing, target, *to, value, column.from_type);
    changes.push_back({from->name, to->declaration() + " NULL", value});
  }
  within(to_string(target), [&] { rewrite(landing, changes, Mode::strict); });
}

void MysqlRewriter::index(const TableName& landing, const std::vector<std::string>& columns) {
  const std::vector<MysqlColumn> landed = tables_.columns(landing);
  const int characters = std::min(255, kIndexCharacters / static_cast<int>(std::max<size_t>(1, columns.size())));
  Texts parts;
  for (const std::string& name : columns) {
    if (const MysqlColumn* column = find_named(landed, name)) parts.push_back(index_part(*column, dialect_, characters));
  }
  client_.execute(fmt::format("ALTER TABLE {} ADD COLUMN {} tinyint NULL, ADD INDEX _ingestr_key ({})", dialect_.table(landing),
                              MysqlDialect::kMatched, fmt::join(parts, ", ")));
}

void MysqlRewriter::strip(const TableName& landing) {
  Texts changes;
  for (const MysqlColumn& column : tables_.columns(landing)) {
    if (column.name != MysqlDialect::kPlace && column.name != MysqlDialect::kMatched) continue;
    changes.push_back("DROP COLUMN " + dialect_.identifier(column.name));
  }
  if (!changes.empty()) client_.execute(fmt::format("ALTER TABLE {} {}", dialect_.table(landing), fmt::join(changes, ", ")));
}

}  // namespace ingestr::database
