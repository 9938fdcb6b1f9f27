#include "duck/converted.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "duck/text.h"

namespace ingestr::duck {
namespace {

// The names of those columns, described by name and type, whose nanoseconds are all zero.
std::vector<std::string> whole_microseconds(Connection& connection, const std::string& select, const std::vector<Connection::Row>& described) {
  std::vector<std::string> names, conditions;
  for (const auto& row : described) {
    if (row.at(1) != "TIMESTAMP_NS") continue;
    names.push_back(row.at(0).value());
    conditions.push_back(fmt::format("coalesce(bool_and(epoch_ns({}) % 1000 = 0), true)", quote_name(names.back())));
  }
  if (names.empty()) return {};
  const auto found = connection.query(fmt::format("SELECT {} FROM ({})", fmt::join(conditions, ", "), select));
  std::vector<std::string> whole;
  for (size_t i = 0; i < names.size(); ++i) {
    if (found.at(0).at(i) == "true") whole.push_back(names[i]);
  }
  return whole;
}

// The names of those columns that are NULL by their type, which the engine describes as INTEGER. No row is read.
std::vector<std::string> only_null(Connection& connection, const std::string& select, const std::vector<Connection::Row>& described) {
  std::vector<std::string> names, types;
  for (const auto& row : described) {
    if (row.at(1) != "INTEGER") continue;
    names.push_back(row.at(0).value());
    types.push_back(fmt::format("typeof(rows.{})", quote_name(names.back())));
  }
  if (names.empty()) return {};
  const auto found = connection.query(fmt::format("SELECT {} FROM (SELECT 1) LEFT JOIN ({}) AS rows ON false", fmt::join(types, ", "), select));
  std::vector<std::string> nulls;
  for (size_t i = 0; i < names.size(); ++i) {
    if (found.at(0).at(i) == R"("NULL")") nulls.push_back(names[i]);
  }
  return nulls;
}

}  // namespace

std::vector<ConvertedColumn> converted_columns(Connection& connection, const std::string& select) {
  const auto described = connection.query(fmt::format("SELECT column_name, column_type FROM (DESCRIBE {})", select));
  const std::vector<std::string> whole = whole_microseconds(connection, select, described);
  const std::vector<std::string> nulls = only_null(connection, select, described);
  std::vector<ConvertedColumn> columns;
  for (const Column& column : connection.describe(select).columns) {
    if (std::ranges::find(nulls, column.name) != nulls.end()) {
      columns.push_back({column.name, "CAST(NULL AS VARCHAR)", TypeId::null, "NULL"});
      continue;
    }
    Type type = column.type.id == TypeId::null ? Type(TypeId::varchar) : column.type;
    if (std::ranges::find(whole, column.name) != whole.end()) type = TypeId::timestamp;
    const std::string name = quote_name(column.name);
    columns.push_back({column.name, fmt::format("CAST({} AS {})", name, to_string(type)), type, described.at(columns.size()).at(1).value_or("")});
  }
  return columns;
}

}  // namespace ingestr::duck
