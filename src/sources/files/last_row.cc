#include "sources/files/last_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "duck/bytes.h"
#include "sources/files/csv_text.h"
#include "sources/files/lines.h"

namespace ingestr::files {
namespace {

constexpr uint64_t kLookBytes = 64'000;
// A last row that is longer is not looked for; how much is read at once.
constexpr uint64_t kShortRow = 1'000'000;
static_assert(kShortRow < kSmallPiece);

// What a text is that begins at some place of a row.
struct Reading {
  CsvPlace place;          // behind it
  bool begins = false;  // a row ends in it and another follows
};

// Nothing: no file that DuckDB reads has it there.
std::optional<Reading> read_from(CsvPlace place, std::string_view text, char delimiter) {
  Reading reading{place};
  bool has_ended = false;
  for (const char c : text) {
    const bool ends_row = reading.place != CsvPlace::quoted && is_line_end(c);
    reading.begins = reading.begins || (has_ended && !ends_row);
    has_ended = has_ended || ends_row;
    const std::optional<CsvPlace> behind = csv_place_behind(reading.place, c, delimiter);
    if (!behind) return std::nullopt;
    reading.place = *behind;
  }
  return reading;
}

// A place that the text cannot begin at is soon found out: a quote that ends a field there stands before a letter. (Ge et al., Speculative
// Distributed CSV Data Parsing for Big Data Analytics, SIGMOD 2019.)
std::vector<Reading> possible_readings(std::string_view text, char delimiter) {
  std::vector<Reading> readings;
  for (const CsvPlace place : {CsvPlace::field_start, CsvPlace::bare, CsvPlace::quoted, CsvPlace::behind_quote}) {
    if (const auto reading = read_from(place, text, delimiter)) readings.push_back(*reading);
  }
  return readings;
}

bool last_line_begins_in(std::string_view tail) {
  const size_t end = tail.find_last_not_of("\r\n");
  return end != std::string_view::npos && tail.find_last_of("\r\n", end) != std::string_view::npos;
}

// Of the last quote before that offset; nothing: there is none, or it cannot be read.
std::optional<uint64_t> last_quote_before(duck::FileBytes& file, uint64_t offset) {
  while (offset > 0) {
    const uint64_t begin = offset - std::min(offset, kShortRow);
    if (const size_t at = file.at(begin, offset - begin).rfind('"'); at != std::string::npos) return begin + at;
    offset = begin;
  }
  return std::nullopt;
}

}  // namespace

void LastLine::add(std::string_view piece) {
  const size_t end = piece.find_last_not_of("\r\n");
  const bool has_text = end != std::string_view::npos, has_ended = end + 1 < piece.size();
  if (has_text) {
    const size_t before = piece.find_last_of("\r\n", end);
    open_ = before == std::string_view::npos && !is_line_end(piece.front()) ? open_ + end + 1 : end - before;
  }
  if (!has_ended || open_ == 0) return;
  ended_ = open_;
  open_ = 0;
}

Error last_row_too_long(std::string_view name, uint64_t most) {
  return Error(ErrorKind::bad_data, fmt::format("{}: its last row is longer than {}, which is too long", name, human_bytes(most)));
}

void check_last_line(duck::FileBytes& bytes, const Files& file) {
  bool in_line = false;  // behind the line ends that the file ends with
  std::string piece;
  for (uint64_t looked_at = 0; looked_at < kLongestRow; looked_at += piece.size()) {
    const uint64_t left = bytes.size() - std::min(looked_at, bytes.size());
    piece = bytes.at(left - std::min(left, kLookBytes), std::min(left, kLookBytes));
    if (piece.empty()) return;
    for (auto at = piece.rbegin(); at != piece.rend(); ++at) {
      const bool is_end = is_line_end(*at);
      if (is_end && in_line) return;
      in_line = in_line || !is_end;
    }
  }
  throw last_row_too_long(file.called(file.paths.front()), kLongestRow);
}

bool last_row_begins_in(std::string_view tail, std::string_view delimiter) {
  if (delimiter.empty()) return last_line_begins_in(tail);
  const std::vector<Reading> readings = possible_readings(tail, delimiter.back());
  return !readings.empty() && std::ranges::all_of(readings, [](const Reading& reading) { return reading.begins && reading.place != CsvPlace::quoted; });
}

bool has_short_last_row(duck::Connection& connection, const Files& file, std::string_view delimiter) {
  if (!file.is_local || file.is_compressed() || file.encoding != "utf-8") return false;
  duck::FileBytes bytes(connection, file.paths.front());
  std::string tail;
  for (const uint64_t most : {kLookBytes, kShortRow}) {
    if (bytes.size() <= most) return true;
    tail = bytes.at(bytes.size() - most, most);
    if (last_row_begins_in(tail, delimiter)) return true;
  }
  // A tail without a quote may stand in quotes, as far as it shows.
  if (delimiter.empty() || tail.find('"') != std::string::npos || !last_line_begins_in(tail)) return false;
  const std::optional<uint64_t> quote = last_quote_before(bytes, bytes.size() - kShortRow);
  if (!quote) return true;
  const uint64_t begin = *quote - std::min(*quote, kLookBytes);
  return std::ranges::none_of(possible_readings(bytes.at(begin, *quote + kLookBytes - begin), delimiter.back()),
                              [](const Reading& reading) { return reading.place == CsvPlace::quoted; });
}

}  // namespace ingestr::files
