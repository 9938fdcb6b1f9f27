#include "sql/target_table.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "base/text.h"
#include "engine/destination.h"

namespace ingestr {
namespace {

// What neither takes rows nor makes way; empty for all else.
std::string_view kind_text(TableKind kind) {
  switch (kind) {
    case TableKind::foreign_table:
      return "a foreign table";
    case TableKind::virtual_table:
      return "a virtual table";
    case TableKind::sequence:
      return "a sequence";
    case TableKind::index:
      return "an index";
    case TableKind::type:
      return "a type";
    case TableKind::other:
      return "no table";
    default:
      return "";
  }
}

}  // namespace

void check_table_name(std::string_view table) {
  if (!table.starts_with(kLandingPrefix)) return;
  throw Error(ErrorKind::usage, fmt::format("table names that begin with {} are for rows on their way; choose another", kLandingPrefix));
}

void check_column_names(const Schema& schema, std::string_view database) {
  std::map<std::string, std::string> seen;
  for (const Column& column : schema.columns) {
    const auto [other, is_new] = seen.emplace(to_lower(column.name), column.name);
    if (is_new) continue;
    throw Error(ErrorKind::unsupported, fmt::format("the columns \"{}\" and \"{}\" are one name for {}; leave one out with --sql-exclude-columns",
                                                    other->second, column.name, database));
  }
}

bool takes_rows(TableKind kind, const TableName& name) {
  switch (kind) {
    case TableKind::nothing:
      return false;
    case TableKind::table:
      return true;
    case TableKind::view:
    case TableKind::materialized_view:
      throw Error(ErrorKind::unsupported, fmt::format("{} is a view, which takes no rows; name another table with --dest-table, or "
                                                      "take the view's place with --full-refresh",
                                                      to_string(name)));
    default:
      break;
  }
  throw Error(ErrorKind::unsupported, fmt::format("{} is {}; name another table with --dest-table", to_string(name), kind_text(kind)));
}

void check_place(TableKind kind, const TableName& name) {
  if (kind_text(kind).empty()) return;
  throw Error(ErrorKind::unsupported, fmt::format("{} is {}, and nothing takes its place; name another table", to_string(name), kind_text(kind)));
}

std::vector<std::string> drop_sql(TableKind kind, const TableName& name, const Dialect& dialect) {
  check_place(kind, name);
  if (kind == TableKind::nothing) return {};
  const std::string_view what = kind == TableKind::view ? "VIEW" : kind == TableKind::materialized_view ? "MATERIALIZED VIEW" : "TABLE";
  return {fmt::format("DROP {} {}", what, dialect.table(name))};
}

}  // namespace ingestr
