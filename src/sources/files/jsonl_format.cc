#include "sources/files/jsonl_format.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "duck/exact_sql.h"
#include "duck/text.h"

namespace ingestr::files {
void JsonlFormat::open(const Head& head) {
  const auto has_text = [](const std::string& line) { return line.find_first_not_of(" \t\r") != std::string::npos; };
  is_empty_ = std::none_of(head.lines.begin(), head.lines.end(), has_text);
}

Schema JsonlFormat::learn(duck::Connection& connection, std::optional<uint64_t> rows) {
  if (is_empty_) return {};  // nobody knows its columns
  const std::string from = fmt::format("(SELECT line FROM {} WHERE {}{})", lines_sql(file_), duck::has_text_sql("line"),
                                       rows ? fmt::format(" LIMIT {}", *rows) : "");
  std::vector<duck::Connection::Row> found;
  try {
    found = connection.query(fmt::format("SELECT unnest({}) FROM {}", duck::json_evidence_sql("line"), from));
  } catch (const Error& error) {
    explain(connection, error);
  }
  std::map<std::string, std::string> types;
  std::vector<std::string> later;
  for (size_t i = 0; i + 1 < found.size(); i += 2) {
    const std::string key = found[i][0].value();
    types[key] = found[i + 1][0].value();
    if (std::find(keys_.begin(), keys_.end(), key) == keys_.end()) later.push_back(key);
  }
  // Which thread read what first is chance; a sample is read by one.
  if (!keys_.empty()) std::sort(later.begin(), later.end());
  keys_.insert(keys_.end(), later.begin(), later.end());

  std::vector<std::string> names;
  duck::Connection::Row type_names;
  for (const std::string& key : keys_) {
    names.push_back(free_name(key.empty() ? "_" : key, names));
    type_names.emplace_back(types.contains(key) ? types[key] : "NULL");
  }
  return duck::schema_of(connection, names, type_names);
}

void JsonlFormat::explain(duck::Connection& connection, const Error& error) {
  if (error.kind() != ErrorKind::bad_data) throw error;
  const auto faults = connection.query(
      fmt::format("SELECT place, fault FROM (SELECT row_number() OVER () AS place, {} AS fault FROM {}) WHERE fault IS NOT "
                  "NULL LIMIT 1",
                  duck::json_fault_sql("line"), lines_sql(file_)));
  if (faults.empty()) throw error;
  throw Error(ErrorKind::bad_data, fmt::format("{}, line {}: {}", file_.path.string(), faults[0][0].value(), faults[0][1].value()));
}

// JSON, so that a string stays apart from a number that looks like it.
Column JsonlFormat::as_written(const std::string& name) const { return {name, TypeId::json, true}; }

std::string JsonlFormat::select(const Schema& schema) const {
  std::vector<duck::JsonKey> keys;
  std::vector<std::string> values;
  for (size_t i = 0; i < keys_.size(); ++i) {
    const Column& column = schema.columns[i];
    keys.push_back({keys_[i], column.type});
    values.push_back(fmt::format("{} AS {}", duck::exact_sql(fmt::format("fields[{}]", i + 1), column.type, NumberForm::json),
                                 duck::quote_name(column.name)));
  }
  return fmt::format("SELECT {} FROM (SELECT {} AS fields FROM {} WHERE {})", fmt::join(values, ", "),
                     duck::json_values_sql("line", keys), lines_sql(file_), duck::has_text_sql("line"));
}

}  // namespace ingestr::files
