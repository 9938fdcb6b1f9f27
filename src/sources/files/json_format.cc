#include "sources/files/json_format.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "duck/csv_failure.h"
#include "duck/exact_sql.h"
#include "duck/json_failure.h"
#include "duck/text.h"
#include "sources/files/last_row.h"
#include "sources/files/lines.h"
#include "sources/files/partition_names.h"

namespace ingestr::files {
namespace {

constexpr int kSampleRows = 1'000;
constexpr std::string_view kArray = "array";

}  // namespace

std::string JsonFormat::objects_sql(const Files& files, Pieces pieces) const {
  if (directories_.empty()) return objects_of(files, pieces, {});
  return fmt::format("({})", with_partitions(files, directories_, "line", [&](const Files& alike, const std::vector<std::string>& names) {
                       return objects_of(alike, pieces, names);
                     }));
}

std::string JsonFormat::objects_of(const Files& files, Pieces pieces, const std::vector<std::string>& partitions) const {
  switch (layout_) {
    case JsonLayout::lines:
      return lines_sql(files, pieces, reads_otherwise_, partitions);
    case JsonLayout::document:
      return documents_sql(files, partitions);
  }
  return "";
}

std::string JsonFormat::documents_sql(const Files& files, const std::vector<std::string>& partitions) const {
  const auto format_of = [&](const std::string& path) { return arrays_.contains(path) ? kArray : reads_otherwise_ ? "unstructured" : "auto"; };
  const auto kind_of = [&](const std::string& path) { return std::pair(packing_of(path), format_of(path)); };
  std::vector<std::string> selects;
  for (const Files& alike : files.grouped(kind_of)) {
    selects.push_back(fmt::format("SELECT * RENAME (json AS line) FROM read_json_objects({}, format = '{}', maximum_object_size = {}, {}, {})",
                                  alike.sql(), format_of(alike.paths.front()), kLongestRow, partition_options(partitions), alike.packing_option()));
  }
  return fmt::format("({})", fmt::join(selects, " UNION ALL "));
}

std::optional<uint64_t> JsonFormat::longest_line() const {
  return layout_ == JsonLayout::lines ? std::optional(kLongestRow) : std::nullopt;
}

void JsonFormat::open_document(duck::Connection& connection, const Files& file, const PackedTexts& packed) {
  const std::string& path = file.paths.front();
  const auto known = packed.find(path);
  const PackedText text = known != packed.end() ? known->second : PackedText{edges_of(connection, path)};
  check_beginning(file, text.edges.beginning());
  check_is_no_page(file, text.edges.beginning());
  if (!text.edges.beginning().starts_with('[')) return;
  if (text.is_whole && text.edges.last() != ']') throw cut_short(file.called(path));
  arrays_.insert(path);
}

// DuckDB takes objects of which the first has a line of its own for such that all have, and reads those faster; likewise lines that end alike.
bool JsonFormat::may_read_otherwise(const Error& error) const {
  if (reads_otherwise_) return false;
  return layout_ == JsonLayout::document ? duck::is_no_json(error.what()) : duck::may_be_of_line_ends(error.what());
}

std::vector<duck::Connection::Row> JsonFormat::query(duck::Connection& connection, const std::function<std::string()>& sql) {
  try {
    return connection.query(sql());
  } catch (const Error& error) {
    if (!may_read_otherwise(error)) throw;
  }
  reads_otherwise_ = true;
  return connection.query(sql());
}

uint64_t JsonFormat::open(duck::Connection& connection, const Files& files, const PackedTexts& packed) {
  files_ = files;
  directories_ = partition_columns(files);
  arrays_.clear();
  reads_otherwise_ = false;
  if (layout_ == JsonLayout::document) {
    for (const std::string& path : files.paths) open_document(connection, files.only({path}), packed);
  }
  if (layout_ == JsonLayout::lines) {
    for (const std::string& path : files.paths) check_text(connection, files.only({path}), packed);
  }
  const auto sample = query(connection, [&] {
    return fmt::format("SELECT avg(strlen(line))::BIGINT FROM (SELECT line FROM {} WHERE {} LIMIT {})", objects_sql(files), duck::has_text_sql("line"),
                       kSampleRows);
  });
  is_empty_ = !sample.at(0).at(0);
  return is_empty_ ? 0 : std::max<uint64_t>(1, std::stoull(*sample[0][0]));
}

Schema JsonFormat::learn(duck::Connection& connection, std::optional<uint64_t> rows) {
  if (is_empty_) return {};  // nobody knows its columns
  const std::string limit = rows ? fmt::format(" LIMIT {}", *rows) : "";
  std::vector<duck::Connection::Row> found;
  try {
    found = query(connection, [&] {
      return fmt::format("SELECT unnest({}) FROM (SELECT line FROM {} WHERE {}{})", duck::json_evidence_sql("line"), objects_sql(files_),
                         duck::has_text_sql("line"), limit);
    });
  } catch (const Error& error) {
    explain(connection, error);
  }
  std::map<std::string, std::string> types;
  std::vector<std::string> later;
  for (size_t i = 0; i + 1 < found.size(); i += 2) {
    const std::string key = found[i][0].value();
    check_column_name(files_, key);
    types[key] = found[i + 1][0].value();
    if (std::find(keys_.begin(), keys_.end(), key) == keys_.end()) later.push_back(key);
  }
  // Which thread read what first is chance; a sample is read by one.
  if (!keys_.empty()) std::sort(later.begin(), later.end());
  keys_.insert(keys_.end(), later.begin(), later.end());

  std::vector<std::string> names;
  duck::Connection::Row evidence;
  for (const std::string& key : keys_) {
    names.push_back(key.empty() ? "_" : key);
    evidence.push_back(types.contains(key) ? std::optional(types[key]) : std::nullopt);
  }
  names = free_names(names);
  partitions_.clear();
  const duck::Connection::Row of_directories = partition_evidence(connection, files_, directories_);
  for (size_t i = 0; i < directories_.size(); ++i) {
    const bool is_key = std::ranges::any_of(names, [&](const std::string& name) { return equal_ignoring_case(name, directories_[i]); });
    if (is_key) continue;
    partitions_.push_back(i);
    names.push_back(directories_[i]);
    evidence.push_back(of_directories[i]);
  }
  evidence_ = Evidence(names, evidence);
  return evidence_.schema();
}

bool JsonFormat::is_partition(const std::string& column) const {
  return std::ranges::any_of(partitions_, [&](size_t i) { return directories_[i] == column; });
}

void JsonFormat::explain(duck::Connection& connection, const Error& error) {
  if (error.kind() != ErrorKind::bad_data) throw error;
  // Of those that end in different ways some are read as two.
  const bool counts_lines = layout_ == JsonLayout::lines && !reads_otherwise_;
  for (const std::string& path : files_.paths) {
    const auto faults = connection.query(
        fmt::format("SELECT place, fault FROM (SELECT row_number() OVER () AS place, {} AS fault FROM {} {}) WHERE fault IS NOT "
                    "NULL LIMIT 1",
                    duck::json_fault_sql("line"), objects_sql(files_.only({path})), counts_lines ? "" : "WHERE " + duck::has_text_sql("line")));
    if (faults.empty()) continue;
    throw Error(ErrorKind::bad_data,
                fmt::format("{}, {} {}: {}", files_.called(path),
                            counts_lines ? "line" : "value", faults[0][0].value(), faults[0][1].value()));
  }
  throw error;
}

// JSON, so that a string stays apart from a number that looks like it.
Column JsonFormat::as_written(const std::string& name) const {
  return is_partition(name) ? Column{name, TypeId::varchar} : Column{name, TypeId::json, true};
}

// What is nested stays JSON.
Type JsonFormat::type_for(const Column& learnt, const Type& target) {
  if (learnt.type.id == TypeId::null || learnt.type.id == TypeId::json) return learnt.type;
  if (is_partition(learnt.name)) return target.id == TypeId::varchar ? target.id : evidence_.type_for(learnt, target, NumberForm::field);
  if (target.id == TypeId::json || target.id == TypeId::varchar) return target.id;
  return evidence_.type_for(learnt, target, NumberForm::json);
}

// A document has no pieces.
void JsonFormat::read_in(duck::Connection& connection, Pieces pieces) {
  const auto is_short = [&](const std::string& path) { return has_short_last_row(connection, files_.only({path}), ""); };
  pieces_ = pieces == Pieces::small && std::ranges::all_of(files_.paths, is_short) ? Pieces::small : Pieces::large;
}

std::string JsonFormat::select(const Schema& schema) const {
  std::vector<duck::JsonKey> keys;
  std::vector<std::string> values;
  for (size_t i = 0; i < keys_.size(); ++i) {
    const Column& column = schema.columns[i];
    keys.push_back({keys_[i], column.type});
    values.push_back(fmt::format("{} AS {}", evidence_.value_sql(fmt::format("fields[{}]", i + 1), column, NumberForm::json),
                                 duck::quote_name(column.name)));
  }
  std::string wanted = duck::json_values_sql("line", keys) + " AS fields";
  for (size_t k = 0; k < partitions_.size(); ++k) {
    const Column& column = schema.columns[keys_.size() + k];
    const std::string field = partition_field(partitions_[k]);
    wanted += ", " + field;
    values.push_back(fmt::format("{} AS {}", evidence_.value_sql(field, column, NumberForm::field), duck::quote_name(column.name)));
  }
  return fmt::format("SELECT {} FROM (SELECT {} FROM {} WHERE {})", fmt::join(values, ", "), wanted, objects_sql(files_, pieces_),
                     duck::has_text_sql("line"));
}

}  // namespace ingestr::files
