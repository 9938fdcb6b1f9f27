#include "sources/files/partition_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "data/hive_partition.h"
#include "duck/exact_sql.h"
#include "duck/text.h"

namespace ingestr::files {
namespace {

// What the engine calls the column of files' names; it has them in its memory once for each file.
constexpr std::string_view kFileColumn = "_ingestr_file";

// One row for each file.
std::string paths_sql(const Files& files, const std::vector<std::string>& columns) {
  return with_partitions(files, columns, "true", [](const Files& alike, const std::vector<std::string>&) {
    std::vector<std::string> paths;
    for (const std::string& path : alike.paths) paths.push_back(duck::quote_text(path));
    return fmt::format("(SELECT unnest([{}]) AS {})", fmt::join(paths, ", "), kFileColumn);
  });
}

duck::Connection::Row of_paths(duck::Connection& connection, const Files& files, const std::vector<std::string>& columns,
                               const std::function<std::string(const std::string& field)>& wanted) {
  if (columns.empty()) return {};
  std::vector<std::string> values;
  for (size_t i = 0; i < columns.size(); ++i) values.push_back(wanted(partition_field(i)));
  return connection.query(fmt::format("SELECT {} FROM ({})", fmt::join(values, ", "), paths_sql(files, columns))).at(0);
}

}  // namespace

std::vector<std::string> partition_names(const std::string& path) {
  std::vector<std::string> parts = split(path, '/'), names;
  parts.pop_back();
  for (const std::string& part : parts) {
    const size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0) continue;
    if (!is_utf8(percent_decode(part.substr(equals + 1)))) {
      throw Error(ErrorKind::bad_data, fmt::format("{}: its directory {} names a value that is no UTF-8 once it is decoded; rename it", path, part));
    }
    std::string name = part.substr(0, equals);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::string partition_column(const std::string& name) {
  std::string decoded = percent_decode(name);
  return is_utf8(decoded) ? decoded : name;
}

std::string partition_options(const std::vector<std::string>& names) {
  return names.empty() ? "hive_partitioning = false" : fmt::format("hive_partitioning = false, filename = '{}'", kFileColumn);
}

std::string partition_value(const std::string& name) {
  const std::string pattern = fmt::format(R"(/\Q{}\E=([^/]*)/)", name);
  return fmt::format("nullif(url_decode(regexp_extract('/' || {}, {}, 1)), {})", kFileColumn, duck::quote_text(pattern),
                     duck::quote_text(kHiveNullName));
}

std::vector<std::string> partition_columns(const Files& files) {
  std::vector<std::string> columns;
  if (!files.is_pattern) return columns;
  for (const std::string& path : files.paths) {
    for (const std::string& name : partition_names(path)) {
      std::string column = partition_column(name);
      const bool is_known = std::ranges::any_of(columns, [&](const std::string& one) { return equal_ignoring_case(one, column); });
      if (!is_known) columns.push_back(std::move(column));
    }
  }
  return columns;
}

std::string partition_field(size_t column) { return fmt::format("_ingestr_partition_{}", column); }

std::string with_partitions(const Files& files, const std::vector<std::string>& columns, std::string_view wanted,
                            const PartitionRelation& relation) {
  std::vector<std::string> selects;
  for (const Files& alike : files.grouped(partition_names)) {
    const std::vector<std::string> names = partition_names(alike.paths.front());
    std::string values(wanted);
    for (size_t i = 0; i < columns.size(); ++i) {
      const auto name = std::ranges::find_if(names, [&](const std::string& one) { return equal_ignoring_case(partition_column(one), columns[i]); });
      values += fmt::format(", {} AS {}", name == names.end() ? "CAST(NULL AS VARCHAR)" : partition_value(*name), partition_field(i));
    }
    selects.push_back(fmt::format("SELECT {} FROM {}", values, relation(alike, names)));
  }
  return fmt::format("{}", fmt::join(selects, " UNION ALL "));
}

duck::Connection::Row partition_evidence(duck::Connection& connection, const Files& files, const std::vector<std::string>& columns) {
  return of_paths(connection, files, columns, duck::evidence_sql);
}

duck::Connection::Row partition_texts(duck::Connection& connection, const Files& file, const std::vector<std::string>& columns) {
  return of_paths(connection, file, columns, [](const std::string& field) { return field; });
}

}  // namespace ingestr::files
