#include "destinations/files/format.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "destinations/files/parquet_values.h"
#include "destinations/files/sheet.h"
#include "destinations/files/workbook.h"
#include "duck/text_values.h"
#include "duck/text.h"

namespace ingestr::file_output {
namespace {

std::string fields(const Schema& columns) {
  std::vector<std::string> values;
  for (const Column& column : columns.columns) {
    const std::string name = duck::quote_name(column.name);
    values.push_back(fmt::format("{} AS {}", duck::uncast_field_sql(name, column.type), name));
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

// One call however many columns there are: the engine nests expressions no deeper than 1,000.
std::string object(const Schema& columns) {
  std::vector<std::string> members;
  for (const Column& column : columns.columns) {
    members.push_back(fmt::format("CAST(to_json({}) AS VARCHAR), ':', {}", duck::quote_text(column.name),
                                  duck::json_sql(duck::quote_name(column.name), column.type)));
  }
  return fmt::format("concat('{{', {}, '}}') AS _ingestr_line", fmt::join(members, ", ',', "));
}

constexpr Workbook kExcel = {
    [] { return Parameter{.name = "sheet", .description = "what the sheet is called", .default_text = "Sheet1"}; },
    [](const Uri& uri) { sheet_name(uri); },
    sheet_head,
    fit_for_sheet,
    [](const std::filesystem::path& file, const Uri& uri, const std::filesystem::path& old) {
      make_workbook(file, old.empty() ? sheet_name(uri) : only_sheet(old));
    },
    [](const std::filesystem::path& file) {
      try {
        only_sheet(file);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::bad_data) throw;  // who reads it says what is wrong with it
      }
    },
};

constexpr Format kFormats[] = {
    {"csv", "csv", false, true, fields, R"(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')"},
    {"tsv", "tsv", false, true, fields, R"(FORMAT csv, HEADER true, DELIMITER '	', QUOTE '"', ESCAPE '"', NULLSTR '')"},
    // Lines are written as fields between which stands what no text has.
    {"jsonl", "jsonl", true, true, object, "FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE ''"},
    // The same as an array.
    {"json", "json", true, true, object,
     "FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '', PREFIX '[\n', SUFFIX '\n]\n', NEW_LINE ',\n'"},
    {"parquet", "parquet", true, false, parquet_values, "FORMAT parquet, COMPRESSION zstd"},
    {"xlsx", "xlsx", false, false, sheet_lines,
     "FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '', SUFFIX '\n</sheetData></worksheet>', COMPRESSION gzip", &kExcel},
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

std::vector<std::string_view> extensions() {
  std::vector<std::string_view> all;
  for (const Format& format : kFormats) all.push_back(format.extension);
  return all;
}

std::string copy_options(const Format& format, const Schema& columns, std::string_view name, uint64_t group_bytes, uint64_t row_bytes) {
  if (format.workbook != nullptr) return fmt::format("{}, {}", format.options, format.workbook->options(columns));
  if (format.may_be_compressed) return fmt::format("{}, COMPRESSION {}", format.options, compression_of(name));
  const uint64_t rows = group_bytes / (row_bytes == 0 ? kUnknownRowBytes : row_bytes);
  return fmt::format("{}, ROW_GROUP_SIZE {}", format.options, std::clamp(rows, kLeastRowGroupRows, kMostRowGroupRows));
}

std::string copy_sql(const Format& format, const std::string& select, const Schema& columns, std::string_view file,
                     std::string_view name, uint64_t row_bytes) {
  return fmt::format("COPY (SELECT {} FROM ({})) TO {} ({})", format.values(columns), select, duck::quote_text(file),
                     copy_options(format, columns, name, kRowGroupBytes, row_bytes));
}

}  // namespace ingestr::file_output
