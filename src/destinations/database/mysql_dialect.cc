#include "destinations/database/mysql_dialect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "database/moment.h"
#include "database/mysql_server.h"
#include "destinations/database/mysql_expressions.h"
#include "destinations/database/mysql_types.h"
#include "duck/text.h"
#include "engine/evolution.h"
#include "sql/rows.h"

namespace ingestr::database {
namespace {

using Texts = std::vector<std::string>;

std::string moment(SystemTime time) { return duck::quote_text(moment_text(time)); }

bool is_written_as_text(const Type& type) {
  return type.native || type.id == TypeId::varchar || type.id == TypeId::json || type.id == TypeId::list || type.id == TypeId::interval;
}

}  // namespace

std::string MysqlDialect::identifier(std::string_view name) const {
  if (name.empty() || name.find('\0') != std::string_view::npos) return Dialect::identifier(name);  // which refuses it
  const auto refuse = [&](std::string_view why) {
    throw Error(ErrorKind::unsupported, fmt::format("the name \"{}\" {}; name another", name, why));
  };
  if (utf8_characters(name) > kLongestName) refuse(fmt::format("is longer than the {} characters that MySQL has for one", kLongestName));
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) >= 0xF0; })) {
    refuse("has a character beyond U+FFFF, which MySQL takes in values only");
  }
  return quote_mysql_name(name);
}

std::string MysqlDialect::type(const Type& type) const { return mysql_type(type, collation_); }

std::string MysqlDialect::timestamp(SystemTime time) const { return moment(time); }

std::string MysqlDialect::time(SystemTime time, const Type&) const { return "TIMESTAMP" + moment(time); }

std::string MysqlDialect::null(const Type&) const { return "NULL"; }

std::string MysqlDialect::converted(const std::string& value, const Type& from, const Type& to) const {
  return mysql_converted(value, from, to);
}

std::string MysqlDialect::try_converted(const std::string& value, const Type& from, const Type& to) const {
  return mysql_try_converted(value, from, to);
}

std::string MysqlDialect::fitted(const std::string& value, const Type& from, const Type& to) const {
  if (from.id == TypeId::varchar) return mysql_fitted_text(value, to);
  if (from.id != TypeId::json) return are_akin(from, to) ? Dialect::fitted(value, from, to) : "NULL";
  return fmt::format("CASE WHEN LEFT({}, 1) NOT IN ('[', '{{') THEN {} END", value,
                     mysql_fitted_text("(" + mysql_decoded_json(value) + ")", to));
}

std::string MysqlDialect::differ(const std::string& a, const std::string& b, const Type& type) const {
  if (!is_written_as_text(type)) return fmt::format("NOT ({} <=> {})", a, b);
  return fmt::format("NOT (CAST({} AS BINARY) <=> CAST({} AS BINARY))", a, b);
}

std::string MysqlDialect::place_column() const {
  return fmt::format("{0} bigint NOT NULL AUTO_INCREMENT, KEY ({0})", identifier(kPlace));
}

std::string MysqlDialect::drop_default(const TableName& table, std::string_view column) const {
  return fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT NULL", this->table(table), identifier(column));
}

Texts MysqlDialect::retype(const TableName&, const std::string&, const Type&, const std::string&) const { return {}; }

Texts MysqlDialect::decode(const DecodeColumn&) const { return {}; }

std::string MysqlDialect::decoded(const DecodeColumn& step) const { return mysql_decoded(identifier(step.column), step.type); }

Texts MysqlDialect::deduplicate(const Deduplicate& step) const { return {deduplicate(step, std::map<std::string, std::string>())}; }

std::string MysqlDialect::deduplicate(const Deduplicate& step, const std::map<std::string, std::string>& told_by) const {
  Texts key;
  for (const std::string& column : step.key) {
    const auto told = told_by.find(column);
    key.push_back(told == told_by.end() ? identifier(column) : told->second);
  }
  const std::string order = step.order_by.empty() ? "" : identifier(step.order_by) + " DESC, ";
  return fmt::format(
      "DELETE FROM {0} WHERE {1} IN (SELECT _ingestr_row FROM (SELECT {1} AS _ingestr_row, row_number() OVER (PARTITION BY {2} ORDER BY "
      "{3}{1} DESC) AS _ingestr_nth FROM {0}) AS numbered WHERE _ingestr_nth > 1)",
      table(step.table), identifier(kPlace), fmt::join(key, ", "), order);
}

// What matches is found once: the second statement asks no row of the target again, which may have no index.
Texts MysqlDialect::merge(const MergeRows& step) const {
  Texts names, changes;
  for (const CopiedColumn& column : step.columns) {
    names.push_back(identifier(column.to));
    if (std::ranges::find(step.key, column.to) == step.key.end()) changes.push_back(fmt::format("target.{0} = source.{0}", names.back()));
  }
  changes.push_back(fmt::format("source.{} = 1", kMatched));
  const std::string landing = table(step.from);
  return {fmt::format("UPDATE {} AS target JOIN {} AS source ON {} SET {}", table(step.to), landing, merge_condition(step, *this),
                      fmt::join(changes, ", ")),
          fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2} WHERE {3} IS NULL", table(step.to), fmt::join(names, ", "), landing,
                      kMatched)};
}

Texts MysqlDialect::close_versions(const CloseVersions& step) const {
  const std::string closing = fmt::format("target.{} = {}, target.{} = {}", identifier(kValidToColumn), time(step.time, TypeId::timestamp_tz),
                                          identifier(kIsCurrentColumn), boolean(false));
  Texts key, differences, statements;
  for (const CopiedColumn& column : step.keys) key.push_back(column.to);
  const auto update = [&](std::string_view join, const std::string& condition) {
    return fmt::format("UPDATE {} AS target {}JOIN {} AS source ON {} SET {} WHERE target.{} AND {}", table(step.to), join, table(step.from),
                       same_key(step.keys, key), closing, identifier(kIsCurrentColumn), condition);
  };
  for (const CopiedColumn& column : step.compared) {
    const std::string name = identifier(column.to);
    differences.push_back(differ("target." + name, "source." + name, column.to_type));
  }
  if (!differences.empty()) statements.push_back(update("", fmt::format("({})", fmt::join(differences, " OR "))));
  if (step.vanished) statements.push_back(update("LEFT ", fmt::format("source.{} IS NULL", identifier(step.keys.at(0).to))));
  return statements;
}

// The rows that were closed are looked for once, hence the LIMIT, which keeps them a table of their own.
Texts MysqlDialect::insert_versions(const InsertVersions& step) const {
  const std::string target = table(step.to), landing = table(step.from), same = same_key(step.columns, step.key);
  const std::string is_current = identifier(kIsCurrentColumn), moment = time(step.time, TypeId::timestamp_tz);
  Texts names, values, closed_columns;
  for (const CopiedColumn& column : step.columns) {
    names.push_back(identifier(column.to));
    values.push_back("source." + names.back());
  }
  for (const std::string& column : step.kept) {
    names.push_back(identifier(column));
    values.push_back("target." + names.back());
    closed_columns.push_back(names.back());
  }
  for (const std::string& column : step.key) closed_columns.push_back(identifier(column));
  const std::string closed = step.kept.empty() ? "" : fmt::format(
      " LEFT JOIN (SELECT {} FROM {} WHERE NOT {} AND {} = {} LIMIT 18446744073709551615) AS target ON {}", fmt::join(closed_columns, ", "),
      target, is_current, identifier(kValidToColumn), moment, same);
  return {fmt::format("UPDATE {} AS target JOIN {} AS source ON {} SET source.{} = 1 WHERE target.{}", target, landing, same, kMatched, is_current),
          fmt::format("INSERT INTO {} ({}, {}, {}, {}) SELECT {}, {}, NULL, {} FROM {} AS source{} WHERE source.{} IS NULL", target,
                      fmt::join(names, ", "), identifier(kValidFromColumn), identifier(kValidToColumn), is_current, fmt::join(values, ", "),
                      moment, boolean(true), landing, closed, kMatched)};
}

Texts MysqlDialect::delete_values(const DeleteLandedValues& step) const {
  return {fmt::format("DELETE target FROM {0} AS target JOIN {1} AS source ON target.{2} = source.{2}", table(step.table), table(step.from),
                      identifier(step.column.to))};
}

}  // namespace ingestr::database
