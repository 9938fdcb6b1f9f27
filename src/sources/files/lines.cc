#include "sources/files/lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "sources/files/last_row.h"

namespace ingestr::files {
namespace {

constexpr int kHeadLines = 1'000;
constexpr std::array<std::string_view, 2> kPageBegins = {"<!doctype html", "<html"};

// The CSV reader, told of a delimiter that no text has: it reads in parallel and knows encodings.
std::string lines_as(const Files& files, std::string_view encoding, Pieces pieces, bool mixed_ends) {
  return fmt::format(
      "read_csv({}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', encoding = '{}', "
      "strict_mode = {}, hive_partitioning = false, columns = {{'line': 'VARCHAR'}}, {}, {})",
      files.sql(), encoding, !mixed_ends, files.packing_option(), piece_options(pieces));
}

}  // namespace

void check_is_no_page(const Files& file, std::string_view beginning) {
  const std::string begin = to_lower(trim(without_mark(beginning)).substr(0, kPageBegins.front().size()));
  const bool is_page = std::ranges::any_of(kPageBegins, [&](std::string_view one) { return begin.starts_with(one); });
  if (!is_page) return;
  throw Error(ErrorKind::bad_data, fmt::format("{}: it is a web page, and no file of rows; open it in a browser to see what it says, and name the file "
                                               "itself",
                                               file.called(file.paths.front())));
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

std::string piece_options(Pieces pieces) {
  return fmt::format("buffer_size = {0}, max_line_size = {0}", pieces == Pieces::small ? kSmallPiece : kLongestRow);
}

std::string lines_sql(const Files& files, Pieces pieces, bool mixed_ends) {
  std::vector<std::string> parts;
  for (const Files& alike : files.grouped(packing_of)) parts.push_back(lines_as(alike, files.encoding, pieces, mixed_ends));
  return parts.size() == 1 ? parts.front() : fmt::format("(FROM {})", fmt::join(parts, " UNION ALL FROM "));
}

void check_encoding(duck::Connection& connection, const Files& file) {
  if (file.encoding != "utf-16") return;
  // Of two lines one has a zero byte, if only in the line end between them.
  const auto lines = connection.query(fmt::format("SELECT line, contains(line, chr(0)) FROM {} LIMIT 2", lines_as(file, "latin-1", Pieces::large, true)));
  if (!lines.empty() && lines[0][0].value_or("").starts_with("\xC3\xBE\xC3\xBF")) {  // FE FF
    throw Error(ErrorKind::unsupported,
                fmt::format("--source-uri names {}: it is big-endian UTF-16, which cannot be read; convert it to UTF-8", file.name));
  }
  const bool has_zero = std::ranges::any_of(lines, [](const auto& line) { return line[1] == "true"; });
  if (lines.size() == 2 && !has_zero) {
    throw Error(ErrorKind::bad_data, fmt::format("{}: it is not in the encoding utf-16 that --source-uri names; leave encoding out for UTF-8, or name "
                                                 "the one that it has", file.called(file.paths.front())));
  }
}

Head read_head(duck::Connection& connection, const Files& files) {
  check_encoding(connection, files);
  check_last_line(connection, files);
  Head head;
  uint64_t bytes = 0;
  for (const auto& row : connection.query(fmt::format("SELECT line FROM {} LIMIT {}", lines_sql(files, Pieces::large, true), kHeadLines))) {
    head.lines.push_back(row[0].value_or(""));
    bytes += head.lines.back().size();
  }
  const auto text = std::ranges::find_if(head.lines, [](const std::string& line) { return !trim(without_mark(line)).empty(); });
  if (text != head.lines.end()) check_is_no_page(files, *text);
  if (!head.lines.empty()) head.row_bytes = std::max<uint64_t>(1, bytes / head.lines.size());
  return head;
}

}  // namespace ingestr::files
