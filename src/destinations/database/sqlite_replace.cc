#include "destinations/database/sqlite_replace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "data/type_kind.h"
#include "database/sqlite_types.h"
#include "engine/destination.h"
#include "engine/evolution.h"

namespace ingestr::database {
namespace {

using Part = SqliteDefinition::Part;

constexpr size_t kShownRuleBytes = 80;

bool has_any_word(const std::string& rest, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return has_sql_word(rest, word); });
}

// `a AS (b + 1)`, and not `a CHECK (CAST(a AS INTEGER) < b)`.
bool is_computed(const Part& part) { return part.is_column && has_outer_sql_word(part.rest, "as"); }

// `NOT NULL` goes with its column without a word.
bool says_more(const Part& part) { return has_any_word(part.rest, {"primary", "unique", "check", "references"}); }

std::string shown(const Part& part) {
  return shorten(part.is_column ? part.name + " " + part.rest : part.rest, kShownRuleBytes);
}

std::string type_in(const SqliteDefinition& definition, const Type& type) {
  return definition.is_strict() ? strict_sqlite_type(type) : sqlite_type(type);
}

Part part_of_column(const Column& column, const SqliteDefinition& definition, const Dialect& dialect) {
  return {.is_column = true, .name = column.name, .name_text = dialect.identifier(column.name), .type = type_in(definition, column.type), .rest = ""};
}

// An INTEGER of others, which may be the number of the row, holds any of ours; what is declared as we do becomes what we declare.
bool holds_as_it_is(const Part& part, const Type& type) {
  const Type old = type_of_sqlite(part.type);
  if (old == type) return true;
  return old.id == TypeId::bigint && is_integer(type) && !equal_ignoring_case(part.type, sqlite_type(old));
}

// With another type, if the one it has is not the same to us. What compares values says nothing of those of another kind.
void give_type(Part& part, const std::string& declared, std::vector<std::string>& lost) {
  const Type old = type_of_sqlite(part.type), type = type_of_sqlite(declared);
  if (holds_as_it_is(part, type)) return;
  part.type = declared;
  if (are_akin(old, type) || !has_any_word(part.rest, {"check", "default"})) return;
  lost.push_back(shown(part));
  part.rest.clear();
}

}  // namespace

bool SqliteReplace::can_be(const SqliteDefinition& definition) {
  client_.execute("SAVEPOINT _ingestr_probe");
  bool can = true;
  try {
    client_.execute(definition.sql("temp._ingestr_probe"));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    can = false;
  }
  client_.execute("ROLLBACK TO _ingestr_probe; RELEASE _ingestr_probe");
  return can;
}

SqliteDefinition SqliteReplace::wanted(const SqliteDefinition& old, const Schema& columns, std::vector<std::string>& lost) {
  SqliteDefinition wanted{{}, old.options};
  std::vector<Part> constraints;
  for (Part part : old.parts) {
    if (!part.is_column) {
      constraints.push_back(std::move(part));
      continue;
    }
    const Column* column = find_named(columns.columns, part.name);
    const bool computed = is_computed(part);
    if (column == nullptr && !computed && says_more(part)) lost.push_back(shown(part));
    if (column == nullptr && !computed) continue;
    if (column != nullptr) give_type(part, type_in(old, column->type), lost);
    wanted.parts.push_back(std::move(part));
  }
  for (const Column& column : columns.columns) {
    const bool has_it = std::ranges::any_of(wanted.parts, [&](const Part& part) { return equal_ignoring_case(part.name, column.name); });
    if (!has_it) wanted.parts.push_back(part_of_column(column, old, dialect_));
  }
  wanted.parts.insert(wanted.parts.end(), constraints.begin(), constraints.end());
  return wanted;
}

// Piece by piece what SQLite takes.
SqliteDefinition SqliteReplace::possible(const SqliteDefinition& wanted, std::vector<std::string>& lost) {
  if (can_be(wanted)) return wanted;
  SqliteDefinition possible;
  for (const Part& part : wanted.parts) {
    if (part.is_column && !is_computed(part)) possible.parts.push_back({true, part.name, part.name_text, part.type, ""});
  }
  const auto keep = [&](const Part& part) {
    possible.parts.push_back(part);
    if (can_be(possible)) return;
    possible.parts.pop_back();
    lost.push_back(shown(part));
  };
  for (const Part& part : wanted.parts) {
    if (is_computed(part)) keep(part);
  }
  for (const Part& part : wanted.parts) {
    if (!part.is_column || is_computed(part) || part.rest.empty()) continue;
    const auto bare = std::ranges::find(possible.parts, part.name, &Part::name);
    bare->rest = part.rest;
    if (can_be(possible)) continue;
    bare->rest.clear();
    lost.push_back(shown(part));
  }
  for (const Part& part : wanted.parts) {
    if (!part.is_column) keep(part);
  }
  possible.options = wanted.options;
  if (wanted.options.empty() || can_be(possible)) return possible;
  possible.options.clear();
  lost.push_back(wanted.options);
  return possible;
}

int64_t SqliteReplace::last_number(const TableName& table) {
  if (client_.query("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'").empty()) return 0;
  const auto rows = client_.query(fmt::format("SELECT max(seq) FROM main.sqlite_sequence WHERE name = {} COLLATE NOCASE", dialect_.text(table.table)));
  return std::stoll(rows.at(0).at(0).value_or("0"));
}

void SqliteReplace::keep_number(const TableName& table, int64_t number) {
  const bool counts = std::ranges::any_of(tables_.definition(table).parts, [](const Part& part) { return has_sql_word(part.rest, "autoincrement"); });
  if (!counts || number <= last_number(table)) return;
  const std::string name = dialect_.text(table.table);
  client_.execute(fmt::format("DELETE FROM main.sqlite_sequence WHERE name = {0} COLLATE NOCASE; INSERT INTO main.sqlite_sequence (name, seq) VALUES ({0}, {1})",
                              name, number));
}

void SqliteReplace::add(const std::vector<SqliteTables::Belonging>& belongings, std::vector<std::string>& lost) {
  for (const SqliteTables::Belonging& belonging : belongings) {
    try {
      client_.execute(belonging.sql);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::usage) throw;  // usage: SQLite can make nothing of it any more
      lost.push_back(belonging.name);
    }
  }
}

std::vector<std::string> SqliteReplace::replace(const TableName& table, const Schema& columns, const std::function<void()>& fill) {
  std::vector<std::string> lost;
  const std::vector<SqliteTables::Belonging> belongings = tables_.belongings(table);
  const SqliteDefinition definition = possible(wanted(tables_.definition(table), columns, lost), lost);
  const int64_t number = last_number(table);
  client_.execute(fmt::format("DROP TABLE {}", dialect_.table(table)));
  client_.execute(definition.sql(dialect_.table(table)));
  fill();
  keep_number(table, number);
  add(belongings, lost);
  return lost;
}

void SqliteReplace::retype(const TableName& table, const std::string& column, const Type& type, const std::string& value) {
  const std::vector<SqliteTables::Belonging> belongings = tables_.belongings(table);
  SqliteDefinition definition = tables_.definition(table);
  for (Part& part : definition.parts) {
    if (part.is_column && equal_ignoring_case(part.name, column)) part.type = type_in(definition, type);
  }
  std::vector<std::string> names, values, lost;
  for (const SqliteTables::TableColumn& there : tables_.columns(table)) {
    if (there.is_generated) continue;
    names.push_back(dialect_.identifier(there.name));
    values.push_back(equal_ignoring_case(there.name, column) ? value : names.back());
  }
  if (const std::string number = tables_.row_number(table); !number.empty()) {
    names.insert(names.begin(), number);  // another table may know the rows by it
    values.insert(values.begin(), number);
  }
  const TableName anew{table.schema, std::string(kLandingPrefix) + "anew"};
  client_.execute(definition.sql(dialect_.table(anew)));
  client_.execute(tables_.keeping_all(anew, fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", dialect_.table(anew), fmt::join(names, ", "),
                                                        fmt::join(values, ", "), dialect_.table(table))));
  const int64_t number = last_number(table);
  client_.execute(fmt::format("DROP TABLE {}", dialect_.table(table)));
  client_.execute(fmt::format("ALTER TABLE {} RENAME TO {}", dialect_.table(anew), dialect_.identifier(table.table)));
  keep_number(table, number);
  add(belongings, lost);
  if (!lost.empty()) {
    throw Error(ErrorKind::unsupported, fmt::format("the column cannot become {}, because of {}", to_string(type), fmt::join(lost, ", ")));
  }
}

}  // namespace ingestr::database
