#include "sources/files/csv_head.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "data/schema.h"

namespace ingestr::files {
namespace {

constexpr const char* kTriedDelimiters[] = {",", "\t", ";", "|"};

struct Row {
  std::vector<std::string> fields;
  size_t lines = 0;  // that it goes over; 0: the text ended
};

// Takes one field off the front of `rest`, with the delimiter behind it; a quoted one goes on in the next lines. False when
// it was the last of its row.
bool read_field(const std::vector<std::string>& lines, size_t& at, std::string_view& rest, std::string_view delimiter,
                std::string& field) {
  const size_t start = std::min(rest.find_first_not_of(' '), rest.size());
  if (rest.substr(start).starts_with('"')) {
    rest.remove_prefix(start + 1);
    for (;;) {
      const size_t quote = rest.find('"');
      if (quote == std::string_view::npos) {
        field += rest;
        if (at + 1 == lines.size()) return false;
        field += '\n';
        rest = lines[++at];
        continue;
      }
      field += rest.substr(0, quote);
      rest.remove_prefix(quote + 1);
      if (!rest.starts_with('"')) break;
      field += '"';
      rest.remove_prefix(1);
    }
  }
  const size_t end = rest.find(delimiter);
  field += rest.substr(0, end);
  if (end == std::string_view::npos) return false;
  rest.remove_prefix(end + delimiter.size());
  return true;
}

Row read_row(const std::vector<std::string>& lines, size_t first, std::string_view delimiter) {
  Row row;
  if (first >= lines.size()) return row;
  size_t at = first;
  std::string_view rest = lines[first];
  for (bool more = true; more;) {
    std::string& field = row.fields.emplace_back();
    more = read_field(lines, at, rest, delimiter, field);
  }
  row.lines = at - first + 1;
  return row;
}

size_t next_line_with_text(const std::vector<std::string>& lines, size_t at) {
  while (at < lines.size() && lines[at].empty()) ++at;
  return at;
}

std::string detect_delimiter(const std::vector<std::string>& lines, size_t first) {
  std::string best = kTriedDelimiters[0];
  std::pair<bool, size_t> best_score;
  for (const char* delimiter : kTriedDelimiters) {
    const Row header = read_row(lines, first, delimiter);
    const Row second = read_row(lines, next_line_with_text(lines, first + header.lines), delimiter);
    const size_t fields = header.fields.size();
    const std::pair score{fields > 1 && second.fields.size() == fields, fields};
    if (score <= best_score) continue;
    best = delimiter;
    best_score = score;
  }
  return best;
}

// Excel's word on the delimiter, "sep=;", in front of the header.
std::string stated_delimiter(std::string_view line) {
  constexpr std::string_view kStatement = "sep=";
  return line.size() == kStatement.size() + 1 && line.starts_with(kStatement) ? std::string(line.substr(kStatement.size())) : "";
}

}  // namespace

CsvHead read_csv_head(const std::vector<std::string>& lines, const std::string& delimiter) {
  CsvHead head;
  head.skipped = next_line_with_text(lines, 0);
  const std::string stated = head.skipped < lines.size() ? stated_delimiter(lines[head.skipped]) : "";
  if (!stated.empty()) head.skipped = next_line_with_text(lines, head.skipped + 1);
  head.delimiter = !delimiter.empty() ? delimiter : !stated.empty() ? stated : detect_delimiter(lines, head.skipped);
  const Row header = read_row(lines, head.skipped, head.delimiter);
  head.header_lines = header.lines;
  // Names that are written come first: what has none must not take theirs.
  for (const std::string& field : header.fields) head.written.emplace_back(trim(field));
  std::vector<std::string> taken = free_names(head.written);
  for (size_t i = 0; i < taken.size(); ++i) {
    if (taken[i].empty()) head.written[i] = taken[i] = free_name(fmt::format("column_{}", i + 1), taken);
  }
  head.columns = std::move(taken);
  return head;
}

}  // namespace ingestr::files
