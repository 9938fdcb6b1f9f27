#include "sources/files/excel_format.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "duck/exact_sql.h"
#include "duck/text.h"
#include "files/excel_value.h"
#include "files/workbook.h"
#include "sources/files/lines.h"
#include "sources/files/partition_names.h"

namespace ingestr::files {
namespace {

// Types whose texts are cast: all of them have the right look.
bool is_cast(const Type& type) { return type.id == TypeId::time || type.id == TypeId::timestamp || type.id == TypeId::double_; }

// As they stand in the objects of all rows of a file.
std::string members(const duck::Connection::Row& texts) {
  std::string members;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i]) continue;
    members += fmt::format("{}\"{}\":", members.empty() ? "" : ",", partition_field(i));
    append_json_text(members, *texts[i]);
  }
  return members;
}

}  // namespace

ExcelFormat::ExcelFormat(std::optional<std::string> sheet, std::string directory, std::stop_token stop)
    : sheet_(std::move(sheet)), directory_(std::move(directory)), stop_(std::move(stop)) {}

uint64_t ExcelFormat::open(duck::Connection& connection, const Files& files, const PackedTexts&) {
  lines_ = std::make_unique<NamelessFile>(directory_);
  directories_ = partition_columns(files);
  evidence_ = Evidence(directories_, partition_evidence(connection, files, directories_));
  uint64_t rows = 0;
  for (const std::string& path : files.paths) {
    of_file(files.called(path), [&] {
      const std::string directories = members(partition_texts(connection, files.only({path}), directories_));
      if (files.is_local) {
        rows += read(path, directories);
        return;
      }
      // Its directory is at its end, and a place need not give a piece of a file.
      const NamelessFile copy(directory_);
      connection.execute(fmt::format("COPY (SELECT content FROM read_blob({})) TO {} (FORMAT blob, USE_TMP_FILE false)", files.only({path}).sql(),
                                     duck::quote_text(copy.path())));
      rows += read(copy.path(), directories);
    });
  }
  return std::max<uint64_t>(1, bytes_ / std::max<uint64_t>(1, rows));
}

uint64_t ExcelFormat::read(const std::string& path, const std::string& directories) {
  Workbook workbook(path, stop_);
  const auto take = [&](std::string_view lines) {
    bytes_ += lines.size();
    if (directory_.empty()) check_kept_in_memory(bytes_);
    lines_->write(lines.data(), lines.size());
  };
  SheetReader reader(workbook, workbook.sheet_called(sheet_), columns_, take, directories);
  workbook.read_sheet(sheet_, reader);
  reader.finish();
  return reader.rows();
}

// Those of all rows, whichever are asked for.
Schema ExcelFormat::learn(duck::Connection&, std::optional<uint64_t>) {
  Schema schema;
  for (const SheetColumn& column : columns_) {
    if (!column.is_left_out()) schema.columns.push_back({column.name(), column.type()});
  }
  for (const Column& column : evidence_.schema().columns) {
    if (is_partition(column.name)) schema.columns.push_back(column);
  }
  return schema;
}

bool ExcelFormat::is_partition(const std::string& column) const {
  const auto is_of_sheet = [&](const SheetColumn& one) { return !one.is_left_out() && equal_ignoring_case(one.name(), column); };
  return std::ranges::find(directories_, column) != directories_.end() && std::ranges::none_of(columns_, is_of_sheet);
}

// JSON, so that a text stays apart from a number that looks like it.
Column ExcelFormat::as_written(const std::string& name) const {
  return is_partition(name) ? Column{name, TypeId::varchar} : Column{name, TypeId::json, true};
}

Type ExcelFormat::type_for(const Column& learnt, const Type& target) {
  if (is_partition(learnt.name)) return target.id == TypeId::varchar ? target.id : evidence_.type_for(learnt, target, NumberForm::field);
  const bool as_written = target.id == TypeId::json || target.id == TypeId::varchar;
  return as_written && learnt.type.id != TypeId::null ? Type(target.id) : learnt.type;
}

std::string ExcelFormat::select(const Schema& schema) const {
  std::vector<duck::JsonKey> keys;
  std::vector<std::string> values;
  size_t at = 0;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].is_left_out()) continue;
    const Column& column = schema.columns.at(at++);
    const Type type = is_cast(column.type) ? Type(TypeId::varchar) : column.type;
    keys.push_back({sheet_key(i), type});
    std::string value = duck::exact_sql(fmt::format("fields[{}]", keys.size()), type, NumberForm::json);
    if (is_cast(column.type)) value = fmt::format("CAST({} AS {})", value, to_string(column.type));
    values.push_back(fmt::format("{} AS {}", value, duck::quote_name(column.name)));
  }
  for (size_t i = 0; i < directories_.size(); ++i) {
    keys.push_back({partition_field(i), TypeId::varchar});
    if (!is_partition(directories_[i])) continue;
    const Column& column = schema.columns.at(at++);
    values.push_back(fmt::format("{} AS {}", evidence_.value_sql(fmt::format("fields[{}]", keys.size()), column, NumberForm::field),
                                 duck::quote_name(column.name)));
  }
  const Files lines{.name = "", .paths = {lines_->path()}};
  return fmt::format("SELECT {} FROM (SELECT {} AS fields FROM {} WHERE {})", fmt::join(values, ", "), duck::json_values_sql("line", keys),
                     lines_sql(lines, Pieces::large), duck::has_text_sql("line"));
}

}  // namespace ingestr::files
