#include "sources/files/lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "duck/bytes.h"
#include "sources/files/last_row.h"
#include "sources/files/partition_names.h"

namespace ingestr::files {
namespace {

constexpr size_t kHeadLines = 1'000;
constexpr size_t kLeastHeadLines = 2;
constexpr uint64_t kMostHeadBytes = 1'000'000;
constexpr size_t kMarkBytes = 4;
constexpr uint64_t kAheadBytes = 64'000;

struct Foreign {
  std::string_view begin;
  std::string_view encoding;  // with which it is read; empty: with none
  std::string_view what;
};

constexpr Foreign kForeign[] = {
    {"\xFF\xFE", "utf-16", "it is UTF-16; say so, as in ?encoding=utf-16, or convert it: iconv -f utf-16 -t utf-8"},
    {"\xFE\xFF", "utf-16", "it is big-endian UTF-16, which cannot be read; convert it: iconv -f utf-16 -t utf-8"},
    {"\x1F\x8B", "", "it is compressed by gzip, which its name does not say; give it a name that ends in .gz, or decompress it"},
    {"\x28\xB5\x2F\xFD", "", "it is compressed by zstd, which its name does not say; give it a name that ends in .zst, or decompress it"},
};

constexpr std::array<std::string_view, 2> kPageBegins = {"<!doctype html", "<html"};

// U+10FFFF, which is no character and never will be one.
constexpr std::string_view kNoDelimiter = "\xF4\x8F\xBF\xBF";

// The CSV reader, told of a delimiter that no text has: it reads in parallel and knows encodings.
std::string lines_as(const Files& files, std::string_view encoding, Pieces pieces, bool mixed_ends,
                     const std::vector<std::string>& partitions = {}) {
  return fmt::format(
      "read_csv({}, auto_detect = false, header = false, delim = '{}', quote = '', escape = '', encoding = '{}', "
      "strict_mode = {}, {}, columns = {{'line': 'VARCHAR'}}, {}, {})",
      files.sql(), kNoDelimiter, encoding, !mixed_ends, partition_options(partitions), files.packing_option(), piece_options(pieces));
}

void check_encoding(duck::Connection& connection, const Files& file) {
  if (file.encoding != "utf-16") return;
  // Of two lines one has a zero byte, if only in the line end between them.
  const std::string bytes = lines_as(file, "latin-1", Pieces::large, true);
  const auto lines = connection.query(fmt::format("SELECT line, contains(line, chr(0)) FROM {} LIMIT 2", bytes));
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

}  // namespace

void check_is_no_page(const Files& file, std::string_view beginning) {
  const std::string begin = to_lower(trim(without_mark(beginning)).substr(0, kPageBegins.front().size()));
  const bool is_page = std::ranges::any_of(kPageBegins, [&](std::string_view one) { return begin.starts_with(one); });
  if (!is_page) return;
  throw Error(ErrorKind::bad_data, fmt::format("{}: it is a web page, and no file of rows; open it in a browser to see what it says, and name the file "
                                               "itself",
                                               file.called(file.paths.front())));
}

void check_beginning(const Files& file, std::string_view beginning) {
  for (const Foreign& foreign : kForeign) {
    if (!beginning.starts_with(foreign.begin) || file.encoding == foreign.encoding) continue;
    throw Error(ErrorKind::bad_data, fmt::format("{}: {}", file.called(file.paths.front()), foreign.what));
  }
}

void check_text(duck::Connection& connection, const Files& file, const PackedTexts& packed) {
  if (const auto known = packed.find(file.paths.front()); known != packed.end()) {
    check_beginning(file, known->second.edges.beginning());
  } else {
    duck::FileBytes bytes(connection, file.paths.front(), kAheadBytes);
    check_beginning(file, bytes.at(0, kMarkBytes));
    check_last_line(bytes, file);
  }
  check_encoding(connection, file);
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

void check_column_name(const Files& files, std::string_view name) {
  if (name.find('\0') == std::string_view::npos) return;
  const std::string which = files.paths.size() == 1 ? files.called(files.paths.front()) : files.name;
  throw Error(ErrorKind::bad_data, fmt::format("{}: a column is called \"{}\", with a NUL byte in its name, which no database can have; rename it "
                                               "there",
                                               which, shorten(name, 100)));
}

std::string piece_options(Pieces pieces) {
  return fmt::format("buffer_size = {0}, max_line_size = {0}", pieces == Pieces::small ? kSmallPiece : kLongestRow);
}

std::string lines_sql(const Files& files, Pieces pieces, bool mixed_ends, const std::vector<std::string>& partitions) {
  std::vector<std::string> parts;
  for (const Files& alike : files.grouped(packing_of)) parts.push_back(lines_as(alike, files.encoding, pieces, mixed_ends, partitions));
  return parts.size() == 1 ? parts.front() : fmt::format("(FROM {})", fmt::join(parts, " UNION ALL FROM "));
}

Head read_head(duck::Connection& connection, const Files& files, const PackedTexts& packed) {
  check_text(connection, files, packed);
  Head head;
  uint64_t bytes = 0;
  connection.query(fmt::format("FROM {}", lines_sql(files, Pieces::large, true)), [&](duck::Connection::Row row) {
    head.lines.push_back(std::move(row[0]).value_or(""));
    bytes += head.lines.back().size();
    return head.lines.size() < kHeadLines && (bytes < kMostHeadBytes || head.lines.size() < kLeastHeadLines);
  });
  const auto text = std::ranges::find_if(head.lines, [](const std::string& line) { return !trim(without_mark(line)).empty(); });
  if (text != head.lines.end()) check_is_no_page(files, *text);
  if (!head.lines.empty()) head.row_bytes = std::max<uint64_t>(1, bytes / head.lines.size());
  return head;
}

}  // namespace ingestr::files
