#include "sources/files/csv_format.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "duck/csv_failure.h"
#include "duck/exact_sql.h"
#include "duck/text.h"
#include "engine/evolution.h"
#include "sources/files/csv_text.h"
#include "sources/files/last_row.h"
#include "sources/files/partition_names.h"

namespace ingestr::files {
namespace {

std::string column(size_t position) { return fmt::format("c{}", position); }

// The line end behind a header that goes over several lines, as SQL. DuckDB would take the first that it sees, inside
// quotes or not, and lose rows.
std::string line_end_of(const Files& file) {
  if (file.is_compressed() || !file.is_local) {
    throw Error(ErrorKind::unsupported,
                fmt::format("{}: its header has a line end inside quotes, which cannot be read while the file is compressed or "
                            "elsewhere; decompress it here",
                            file.called(file.paths.front())));
  }
  std::ifstream bytes(file.paths.front(), std::ios::binary);
  bool quoted = false, any = false;
  for (auto at = std::istreambuf_iterator<char>(bytes); at != std::istreambuf_iterator<char>();) {
    const char c = *at++;
    if (c == '\0') continue;  // half of a UTF-16 letter
    if (c == '"') quoted = !quoted;
    if (c != '\n' && c != '\r') any = true;
    if (quoted || !any || (c != '\n' && c != '\r')) continue;
    if (c == '\n') return R"(\n)";
    while (at != std::istreambuf_iterator<char>() && *at == '\0') ++at;
    return at != std::istreambuf_iterator<char>() && *at == '\n' ? R"(\r\n)" : R"(\r)";
  }
  return "";
}

}  // namespace

bool CsvFormat::Run::goes_on_with(const Run& next) const {
  return head == next.head && new_line == next.new_line && partitions == next.partitions &&
         packing_of(files.paths.front()) == packing_of(next.files.paths.front());
}

uint64_t CsvFormat::open(duck::Connection& connection, const Files& files, const PackedTexts& packed) {
  uint64_t row_bytes = 0;
  for (const std::string& path : files.paths) {
    const Head head = read_head(connection, files.only({path}), packed);
    row_bytes = std::max(row_bytes, head.row_bytes);
    add(files.only({path}), head);
  }
  if (runs_.empty()) return 0;
  unite_runs();
  return row_bytes;
}

void CsvFormat::unite_runs() {
  std::vector<Part> parts;
  for (const Run& run : runs_) parts.push_back(part_of(run, pieces_));
  texts_ = union_by_name(parts);
}

void CsvFormat::read_in(duck::Connection& connection, Pieces pieces) {
  const auto is_short = [&](const Run& run) {
    return run.new_line.empty() && std::ranges::all_of(run.files.paths, [&](const std::string& path) {
             return has_short_last_row(connection, run.files.only({path}), run.head.delimiter);
           });
  };
  const Pieces taken = pieces == Pieces::small && std::ranges::all_of(runs_, is_short) ? Pieces::small : Pieces::large;
  if (taken == pieces_ || runs_.empty()) return;
  pieces_ = taken;
  unite_runs();
}

// A file with nothing in it has no rows.
void CsvFormat::add(Files file, const Head& head) {
  Run run{std::move(file), read_csv_head(head.lines, delimiter_), "", {}};
  if (run.head.columns.empty()) return;
  for (const std::string& name : run.head.columns) check_column_name(run.files, name);
  if (run.head.header_lines > 1) run.new_line = line_end_of(run.files);
  if (run.files.is_pattern) run.partitions = partition_names(run.files.paths.front());
  if (runs_.empty() || !runs_.back().goes_on_with(run)) {
    runs_.push_back(std::move(run));
  } else {
    runs_.back().files.paths.push_back(run.files.paths.front());
  }
}

Part CsvFormat::part_of(const Run& run, Pieces pieces) {
  Part part;
  part.written = run.head.written;
  std::vector<std::string> columns;
  for (size_t i = 0; i < run.head.columns.size(); ++i) {
    columns.push_back(fmt::format("'{}': 'VARCHAR'", column(i)));
    part.columns.columns.push_back({run.head.columns[i], TypeId::varchar});
    part.values.push_back(column(i));
  }
  for (const std::string& name : run.partitions) {
    const std::string called = partition_column(name);
    if (find_column(part.columns, called) != nullptr) continue;
    part.columns.columns.push_back({called, TypeId::varchar});
    part.written.push_back(called);
    part.values.push_back(partition_value(name));
  }
  part.from = fmt::format(
      "read_csv({}, auto_detect = false, header = true, skip = {}, delim = {}, quote = '\"', escape = '\"', "
      "allow_quoted_nulls = false, encoding = '{}', {}, {}{}, columns = {{{}}}, {})",
      run.files.sql(), run.head.skipped, duck::quote_text(run.head.delimiter), run.files.encoding, run.files.packing_option(),
      run.new_line.empty() ? "" : fmt::format("new_line = '{}', ", run.new_line), partition_options(run.partitions),
      fmt::join(columns, ", "), piece_options(pieces));
  return part;
}

// Few files have rows that end in different ways, so none is looked through for them before the engine refuses it.
Schema CsvFormat::learn(duck::Connection& connection, std::optional<uint64_t> rows) {
  if (runs_.empty()) return {};  // nothing but empty files: nobody knows the columns
  try {
    look_at(connection, rows);
  } catch (const Error& error) {
    if (!duck::may_be_of_line_ends(error.what()) || !copy_mixed(connection)) throw;
    look_at(connection, rows);
  }
  return evidence_.schema();
}

bool CsvFormat::copy_mixed(duck::Connection& connection) {
  bool any = false;
  for (Run& run : runs_) {
    if (!run.files.is_local || run.files.is_compressed() || run.files.encoding == "utf-16" || !run.partitions.empty()) continue;
    for (std::string& path : run.files.paths) {
      duck::FileBytes bytes(connection, path);
      auto copy = copy_with_one_line_end(bytes, run.head.delimiter.back(), directory_, stop_);
      if (!copy) continue;
      copied_.push_back(run.files.called(path));
      path = copy->path();
      if (!run.new_line.empty()) run.new_line = R"(\n)";
      copies_.push_back(std::move(copy));
      any = true;
    }
  }
  if (any) unite_runs();
  return any;
}

// The engine reads copies, and what it says of one is of the file.
void CsvFormat::look_at(duck::Connection& connection, std::optional<uint64_t> rows) {
  try {
    gather(connection, rows);
  } catch (const Error& error) {
    const std::string_view text = error.what();
    if (copied_.empty() || !text.starts_with(duck::kNamelessFile)) throw;
    const std::string which = copied_.size() == 1 ? copied_.front() : fmt::format("one of {}", fmt::join(copied_, ", "));
    throw Error(error.kind(), which + std::string(text.substr(duck::kNamelessFile.size())));
  }
}

void CsvFormat::gather(duck::Connection& connection, std::optional<uint64_t> rows) {
  const std::vector<std::string> names = texts_.schema.names();
  std::vector<std::string> evidence;
  for (const std::string& name : names) evidence.push_back(duck::evidence_sql(duck::quote_name(name)));
  evidence_ = Evidence(names, connection.query(fmt::format("SELECT {} FROM ({}{})", fmt::join(evidence, ", "), texts_.select,
                                                           rows ? fmt::format(" LIMIT {}", *rows) : "")).at(0));
}

Column CsvFormat::as_written(const std::string& name) const { return {name, TypeId::varchar}; }

// A field is no JSON.
Type CsvFormat::type_for(const Column& learnt, const Type& target) {
  if (learnt.type.id == TypeId::null) return learnt.type;
  return target.id == TypeId::varchar ? Type(TypeId::varchar) : evidence_.type_for(learnt, target, NumberForm::field);
}

std::string CsvFormat::select(const Schema& schema) const {
  std::vector<std::string> values;
  for (const Column& column : schema.columns) {
    const std::string name = duck::quote_name(column.name);
    values.push_back(fmt::format("{} AS {}", evidence_.value_sql(name, column, NumberForm::field), name));
  }
  return fmt::format("SELECT {} FROM ({})", fmt::join(values, ", "), texts_.select);
}

}  // namespace ingestr::files
