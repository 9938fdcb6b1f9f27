#include "destinations/files/format.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "duck/text_values.h"
#include "duck/text.h"

namespace ingestr::file_output {
namespace {

std::string fields(const Schema& columns) {
  std::vector<std::string> values;
  for (const Column& column : columns.columns) {
    const std::string name = duck::quote_name(column.name);
    values.push_back(fmt::format("{} AS {}", duck::field_sql(name, column.type), name));
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

std::string object(const Schema& columns) {
  std::vector<std::string> members;
  for (const Column& column : columns.columns) {
    members.push_back(fmt::format("CAST(to_json({}) AS VARCHAR) || ':' || {}", duck::quote_text(column.name),
                                  duck::json_sql(duck::quote_name(column.name), column.type)));
  }
  return fmt::format("'{{' || {} || '}}' AS _ingestr_line", fmt::join(members, " || ',' || "));
}

std::string as_they_are(const Schema& columns) {
  std::vector<std::string> names;
  for (const Column& column : columns.columns) names.push_back(duck::quote_name(column.name));
  return fmt::format("{}", fmt::join(names, ", "));
}

constexpr Format kFormats[] = {
    {"csv", "csv", false, true, fields, R"(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')"},
    {"tsv", "tsv", false, true, fields, R"(FORMAT csv, HEADER true, DELIMITER '	', QUOTE '"', ESCAPE '"', NULLSTR '')"},
    // Lines are written as fields between which stands what no text has.
    {"jsonl", "jsonl", true, true, object, "FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE ''"},
    {"parquet", "parquet", true, false, as_they_are, "FORMAT parquet, COMPRESSION zstd"},
};

// Rows of a row group wait in memory, once for each thread.
constexpr uint64_t kRowGroupBytes = 10'000'000;
constexpr uint64_t kUnknownRowBytes = 1'000;
constexpr uint64_t kLeastRowGroupRows = 2'048;
constexpr uint64_t kMostRowGroupRows = 122'880;

std::string_view compression_of(std::string_view name) {
  const std::string lower = to_lower(name);
  if (lower.ends_with(".gz")) return "gzip";
  return lower.ends_with(".zst") ? "zstd" : "none";
}

}  // namespace

const Format* find_format(std::string_view scheme) {
  const auto* found = std::ranges::find(kFormats, scheme, &Format::scheme);
  return found == std::end(kFormats) ? nullptr : found;
}

const Format* format_of_name(std::string_view file) {
  std::string name = to_lower(file.substr(file.rfind('/') + 1));
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (name.ends_with(packed)) name = name.substr(0, name.size() - packed.size());
  }
  const std::string extension = name.substr(std::min(name.size(), name.rfind('.') + 1));
  return find_format(extension == "ndjson" ? "jsonl" : extension);
}

std::string copy_options(const Format& format, std::string_view name, uint64_t group_bytes, uint64_t row_bytes) {
  if (format.may_be_compressed) return fmt::format("{}, COMPRESSION {}", format.options, compression_of(name));
  const uint64_t rows = group_bytes / (row_bytes == 0 ? kUnknownRowBytes : row_bytes);
  return fmt::format("{}, ROW_GROUP_SIZE {}", format.options, std::clamp(rows, kLeastRowGroupRows, kMostRowGroupRows));
}

std::string copy_sql(const Format& format, const std::string& select, const Schema& columns, std::string_view file,
                     std::string_view name, uint64_t row_bytes) {
  return fmt::format("COPY (SELECT {} FROM ({})) TO {} ({})", format.values(columns), select, duck::quote_text(file),
                     copy_options(format, name, kRowGroupBytes, row_bytes));
}

}  // namespace ingestr::file_output
