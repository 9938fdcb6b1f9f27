#include "sources/files/csv_format.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>

#include "base/error.h"
#include "duck/exact_sql.h"
#include "duck/text.h"

namespace ingestr::files {
namespace {

std::string column(size_t position) { return fmt::format("c{}", position); }

// The line end behind a header that goes over several lines, as SQL. DuckDB would take the first that it sees, inside
// quotes or not, and lose rows.
std::string line_end_of(const File& file) {
  if (file.compressed) {
    throw Error(ErrorKind::unsupported,
                fmt::format("{}: its header has a line end inside quotes, which cannot be read while it is compressed; "
                            "decompress it",
                            file.name()));
  }
  std::ifstream bytes(file.path, std::ios::binary);
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

CsvFormat::CsvFormat(File file, std::string delimiter) : file_(std::move(file)), delimiter_(std::move(delimiter)) {}

void CsvFormat::open(const Head& head) {
  head_ = read_csv_head(head.lines, delimiter_);
  if (head_.header_lines > 1) new_line_ = line_end_of(file_);
}

std::string CsvFormat::texts() const {
  std::vector<std::string> columns;
  for (size_t i = 0; i < head_.columns.size(); ++i) columns.push_back(fmt::format("'{}': 'VARCHAR'", column(i)));
  return fmt::format(
      "read_csv({}, auto_detect = false, header = true, skip = {}, delim = {}, quote = '\"', escape = '\"', "
      "allow_quoted_nulls = false, encoding = '{}', {}columns = {{{}}}, {})",
      file_.sql(), head_.skipped, duck::quote_text(head_.delimiter), file_.encoding,
      new_line_.empty() ? "" : fmt::format("new_line = '{}', ", new_line_), fmt::join(columns, ", "), buffer_options());
}

Schema CsvFormat::learn(duck::Connection& connection, std::optional<uint64_t> rows) {
  if (head_.columns.empty()) return {};  // an empty file: nobody knows its columns
  std::vector<std::string> evidence;
  for (size_t i = 0; i < head_.columns.size(); ++i) evidence.push_back(duck::evidence_sql(column(i)));
  const std::string from = rows ? fmt::format("(SELECT * FROM {} LIMIT {})", texts(), *rows) : texts();
  const auto names = connection.query(fmt::format("SELECT {} FROM {}", fmt::join(evidence, ", "), from)).at(0);
  return duck::schema_of(connection, head_.columns, names);
}

Column CsvFormat::as_written(const std::string& name) const { return {name, TypeId::varchar}; }

std::string CsvFormat::select(const Schema& schema) const {
  std::vector<std::string> values;
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    values.push_back(fmt::format("{} AS {}", duck::exact_sql(column(i), schema.columns[i].type, NumberForm::field),
                                 duck::quote_name(schema.columns[i].name)));
  }
  return fmt::format("SELECT {} FROM {}", fmt::join(values, ", "), texts());
}

}  // namespace ingestr::files
