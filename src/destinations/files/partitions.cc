#include "destinations/files/partitions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "data/hive_partition.h"
#include "duck/text.h"
#include "duck/text_values.h"
#include "duck/values.h"

namespace ingestr::file_output {
namespace {

// Rows of a row group wait in memory, once for each file that is open.
constexpr uint64_t kPartitionGroupBytes = 4'000'000;
constexpr int kLongestName = 255;  // of a directory, in bytes

// Columns of the table of partitions; none of the rows is called so.
constexpr std::string_view kNumber = "_ingestr_partition";
std::string value_name(size_t i) { return fmt::format("_ingestr_partition_value_{}", i); }
std::string text_name(size_t i) { return fmt::format("_ingestr_partition_text_{}", i); }

bool is_partition(const std::vector<std::string>& partition_by, const Column& column) {
  return std::ranges::find(partition_by, column.name) != partition_by.end();
}

// What a directory is named by. A text may be what stands for NULL, or too long.
std::string checked_text(const Column& column) {
  const std::string name = duck::quote_name(column.name), text = duck::field_sql(name, column.type);
  if (column.type.id != TypeId::varchar) return text;
  const auto fault = [&](const std::string& what) {
    return duck::raise(fmt::format("{} || left({}, 60) || {}", duck::quote_text(fmt::format("column {}: ", column.name)), name,
                                   duck::quote_text(what + "; choose another column for --partition-by")));
  };
  return fmt::format("CASE WHEN {0} = '{1}' THEN {2} WHEN strlen(url_encode({3} || '=' || {0})) > {4} THEN {5} ELSE {0} END", name, kHiveNullName,
                     fault(", which in names of directories means NULL"), duck::quote_text(column.name), kLongestName,
                     fault("… is too long for the name of a directory"));
}

}  // namespace

std::string list_partitions_sql(const std::string& select, const Schema& columns, const std::vector<std::string>& partition_by) {
  std::vector<std::string> names, values, texts;
  for (size_t i = 0; i < partition_by.size(); ++i) {
    const auto column = std::ranges::find(columns.columns, partition_by[i], &Column::name);
    names.push_back(duck::quote_name(partition_by[i]));
    values.push_back(fmt::format("{} AS {}", names.back(), value_name(i)));
    texts.push_back(fmt::format("{} AS {}", checked_text(*column), text_name(i)));
  }
  return fmt::format("CREATE OR REPLACE TABLE {} AS SELECT row_number() OVER () - 1 AS {}, * FROM (SELECT {}, {} FROM (SELECT "
                     "DISTINCT {} FROM ({})))",
                     kPartitions, kNumber, fmt::join(values, ", "), fmt::join(texts, ", "), fmt::join(names, ", "), select);
}

std::string copy_partitions_sql(const Format& format, const std::string& select, const Schema& columns,
                                const std::vector<std::string>& partition_by, uint64_t first, std::string_view directory,
                                uint64_t row_bytes) {
  std::vector<std::string> names, texts, matches;
  for (size_t i = 0; i < partition_by.size(); ++i) {
    names.push_back(duck::quote_name(partition_by[i]));
    texts.push_back(fmt::format("{} AS {}", text_name(i), names.back()));
    matches.push_back(fmt::format("rows.{} IS NOT DISTINCT FROM {}", names.back(), value_name(i)));
  }
  Schema others;
  for (const Column& column : columns.columns) {
    if (!is_partition(partition_by, column)) others.columns.push_back(column);
  }
  return fmt::format("COPY (SELECT {}, {} FROM ({}) AS rows JOIN {} ON {} WHERE {} BETWEEN {} AND {}) TO {} ({}, PARTITION_BY ({}), "
                     "FILENAME_PATTERN '{{i}}', FILE_EXTENSION '{}', OVERWRITE_OR_IGNORE)",
                     format.values(others), fmt::join(texts, ", "), select, kPartitions, fmt::join(matches, " AND "), kNumber, first,
                     first + kPartitionsAtOnce - 1, duck::quote_text(directory), copy_options(format, others, "", kPartitionGroupBytes, row_bytes),
                     fmt::join(names, ", "), format.extension);
}

std::filesystem::path partition_directory(const std::filesystem::path& directory) {
  std::filesystem::path named;
  for (const std::filesystem::path& part : directory) {
    std::string name = part.string();
    const size_t value = name.find('=') + 1;
    if (value > 0 && equal_ignoring_case(name.substr(value), "null")) name.replace(value, 1, name[value] == 'N' ? "%4E" : "%6E");
    named /= name;
  }
  return named;
}

}  // namespace ingestr::file_output
