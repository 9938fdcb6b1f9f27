#include "sources/files/parquet_schema.h"

#include <fmt/format.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "duck/converted.h"

namespace ingestr::files {
namespace {

// Of an element of a schema, as SQL.
constexpr std::string_view kIsTooWide = "coalesce(precision > 38, false)";
// INT96 is what Spark and Impala had for timestamps, always with nanoseconds.
constexpr std::string_view kIsCut = "coalesce(type = 'INT96' OR (logical_type LIKE '%NanoSeconds%' AND duckdb_type NOT LIKE 'TIMESTAMP_NS%'), false)";

// Asks all files at once, which takes a third of the time that one after the other does.
bool has_any(duck::Connection& connection, const Files& files) {
  return !connection.query(fmt::format("SELECT 1 FROM parquet_schema({}) WHERE {} OR {} LIMIT 1", files.sql(), kIsTooWide, kIsCut)).empty();
}

// The elements of a file's schema, a column in front of what it is made of: name, children, digits of a decimal that is too wide, whether
// nanoseconds are cut.
std::string elements_sql(const Files& file) {
  return fmt::format("SELECT name, coalesce(num_children, 0), CASE WHEN {} THEN precision END, {} FROM parquet_schema({})", kIsTooWide, kIsCut,
                     file.sql());
}

// Calls `take` with each element, the name of the column that it is of, and whether it is that column itself.
template <class Take>
void for_each_element(const std::vector<duck::Connection::Row>& elements, Take&& take) {
  uint64_t left = 0;  // of the column, before the next one begins
  std::string column;
  for (size_t i = 1; i < elements.size(); ++i) {  // the first one holds the columns
    const bool is_column = left == 0;
    if (is_column) {
      column = elements[i].at(0).value_or("");
      left = 1;
    }
    left += std::stoull(elements[i].at(1).value_or("0")) - 1;
    take(column, elements[i], is_column);
  }
}

const Type& innermost(const Type& type) { return type.id == TypeId::list ? innermost(*type.element) : type; }

[[noreturn]] void refuse_to_write(std::string_view name, std::string_view column, std::string_view what) {
  throw Error(ErrorKind::unsupported, fmt::format("{}: column {} {}, and its values would be others once the file is written anew; name a directory, to "
                                                  "which append adds a file, or replace the rows with --full-refresh",
                                                  name, shorten(column, 60), what));
}

}  // namespace

void check_carried(duck::Connection& connection, const Files& files) {
  for (const std::string& path : files.paths) {
    const Files file = files.only({path});
    const std::string name = files.called(path);
    for_each_element(connection.query(elements_sql(file)), [&](const std::string& column, const duck::Connection::Row& element, bool) {
      if (element.at(3) == "true") refuse_to_write(name, column, "may have nanoseconds");
    });
    for (const duck::ConvertedColumn& column : duck::converted_columns(connection, fmt::format("FROM read_parquet({}, hive_partitioning = false)", file.sql()))) {
      const bool is_text = innermost(column.type).id == TypeId::varchar && !column.engine_type.starts_with("VARCHAR");
      if (is_text) refuse_to_write(name, column.name, fmt::format("is {}", shorten(column.engine_type, 100)));
    }
  }
}

std::vector<std::string> parquet_columns(duck::Connection& connection, const Files& file) {
  std::vector<std::string> columns;
  for_each_element(connection.query(elements_sql(file)), [&](const std::string& column, const duck::Connection::Row&, bool is_column) {
    if (is_column) columns.push_back(column);
  });
  return columns;
}

void check_parquet(duck::Connection& connection, const Files& files, Logger& log) {
  if (!has_any(connection, files)) return;
  std::set<std::string> told;
  for (const std::string& path : files.paths) {
    const std::string name = files.called(path);
    const auto elements = of_file(name, [&] { return connection.query(elements_sql(files.only({path}))); });
    for_each_element(elements, [&](const std::string& column, const duck::Connection::Row& element, bool) {
      if (element.at(2)) {
        throw Error(ErrorKind::bad_data, fmt::format("{}: column {} has decimals of {} digits, and 38 are the most that can be read; write them "
                                                        "with fewer, or as text",
                                                        name, shorten(column, 60), *element[2]));
      }
      if (element.at(3) != "true" || !told.insert(column).second) return;
      log.warning(fmt::format("{}: column {} may have nanoseconds, which are cut to microseconds", name, column));
    });
  }
}

}  // namespace ingestr::files
