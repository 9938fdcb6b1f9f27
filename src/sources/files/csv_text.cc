#include "sources/files/csv_text.h"

#include <functional>

#include "base/error.h"
#include "base/interrupt.h"
#include "sources/files/files.h"

namespace ingestr::files {
namespace {

constexpr uint64_t kTextPieceBytes = 1'000'000;

// What ends a row, or a piece of text that ends none.
enum class Ending { none, newline, return_newline };

// Gives the text, part by part, each with what ended a row behind it; stops when `take` is false. False: DuckDB reads no such text.
bool each_part(duck::FileBytes& file, char delimiter, const std::stop_token& stop, const std::function<bool(std::string_view, Ending)>& take) {
  CsvPlace place = CsvPlace::field_start;
  bool after_return = false;  // outside of quotes
  for (uint64_t offset = 0; offset < file.size();) {
    throw_if_stopped(stop);
    const std::string piece = file.at(offset, kTextPieceBytes);
    if (piece.empty()) return false;
    offset += piece.size();
    size_t begin = 0;
    for (size_t i = 0; i < piece.size(); ++i) {
      const char c = piece[i];
      if (after_return && c != '\n') return false;
      const bool ends_row = place != CsvPlace::quoted && c == '\n';
      const auto behind = csv_place_behind(place, c, delimiter);
      if (!behind) return false;
      const bool is_return = place != CsvPlace::quoted && c == '\r';
      if (is_return || ends_row) {
        if (!take(std::string_view(piece).substr(begin, i - begin), is_return ? Ending::none : after_return ? Ending::return_newline : Ending::newline)) {
          return true;
        }
        begin = i + 1;
      }
      after_return = is_return;
      place = *behind;
    }
    if (!take(std::string_view(piece).substr(begin), Ending::none)) return true;
  }
  return !after_return;
}

}  // namespace

std::optional<CsvPlace> csv_place_behind(CsvPlace place, char c, char delimiter) {
  if (place == CsvPlace::quoted) return c == '"' ? CsvPlace::behind_quote : CsvPlace::quoted;
  if (c == delimiter || is_line_end(c)) return CsvPlace::field_start;
  switch (place) {
    case CsvPlace::field_start:
      return c == '"' ? CsvPlace::quoted : c == ' ' ? CsvPlace::field_start : CsvPlace::bare;
    case CsvPlace::behind_quote:
      if (c == '"') return CsvPlace::quoted;
      [[fallthrough]];
    case CsvPlace::behind_field:
      return c == ' ' ? std::optional(CsvPlace::behind_field) : std::nullopt;
    default:
      return place;
  }
}

std::unique_ptr<NamelessFile> copy_with_one_line_end(duck::FileBytes& file, char delimiter, const std::string& directory, const std::stop_token& stop) {
  bool has_newline = false, has_return = false;
  const bool is_text = each_part(file, delimiter, stop, [&](std::string_view, Ending ending) {
    has_newline = has_newline || ending == Ending::newline;
    has_return = has_return || ending == Ending::return_newline;
    return !has_newline || !has_return;
  });
  if (!is_text || !has_newline || !has_return) return nullptr;
  if (directory.empty()) check_kept_in_memory(file.size());
  auto copy = std::make_unique<NamelessFile>(directory);
  std::string text;
  const auto write = [&] {
    copy->write(text.data(), text.size());
    text.clear();
  };
  const bool is_copied = each_part(file, delimiter, stop, [&](std::string_view part, Ending ending) {
    text += part;
    if (ending != Ending::none) text += '\n';
    if (text.size() >= kTextPieceBytes) write();
    return true;
  });
  write();
  return is_copied ? std::move(copy) : nullptr;
}

}  // namespace ingestr::files
