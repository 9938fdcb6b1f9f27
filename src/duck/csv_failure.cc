#include "duck/csv_failure.h"

#include <fmt/format.h>

#include <fstream>
#include <string>

#include "base/text.h"
#include "base/uri.h"
#include "duck/text.h"

namespace ingestr::duck {
namespace {

constexpr std::string_view kOpenQuote = "a quoted field does not end with its quote", kNoCsv = "it is no CSV as RFC 4180 has it";

// What stands between `before` and the end of that line; nothing when `before` is not there.
std::optional<std::string_view> rest_of_line(std::string_view message, std::string_view before) {
  const size_t at = message.find(before);
  if (at == std::string_view::npos) return std::nullopt;
  message.remove_prefix(at + before.size());
  return trim(message.substr(0, message.find('\n')));
}

// The line on which the row of that number begins, both from 1 on; nothing for a file that is compressed or has two bytes
// for a letter.
std::optional<uint64_t> line_of(const std::string& path, uint64_t wanted_row) {
  std::ifstream file(path, std::ios::binary);
  uint64_t row = 1, line = 1;
  bool quoted = false, any = false, after_return = false;
  for (auto at = std::istreambuf_iterator<char>(file); at != std::istreambuf_iterator<char>(); ++at) {
    const char c = *at;
    if (c == '\0' || (line == 1 && !any && c == '\x1f')) return std::nullopt;
    const bool second_half = c == '\n' && after_return;
    after_return = c == '\r';
    if (second_half) continue;
    // A row of nothing is none.
    if (row == wanted_row && any) return line;
    if (c == '"') quoted = !quoted;
    if (c != '\n' && c != '\r') {
      any = true;
      if (row == wanted_row) return line;
      continue;
    }
    ++line;
    if (quoted || !any) continue;
    ++row;
    any = false;
  }
  return std::nullopt;
}

std::string place(std::string_view message) {
  const std::string file(rest_of_line(message, "  file = ").value_or("the file"));
  const std::string called = file.starts_with("/proc/self/fd/") ? std::string(kNamelessFile) : std::string(without_query(file));
  const auto row = leading_number(rest_of_line(message, "CSV Error on Line: ").value_or(""));
  if (!row) return called;
  const auto line = line_of(file, *row);
  return line ? fmt::format("{}, line {}", called, *line) : fmt::format("{}, row {}", called, *row);
}

std::string fault(std::string_view message) {
  const std::string shown = shorten(rest_of_line(message, "Original Line: ").value_or(""), kShownLineBytes);
  if (const auto expected = leading_number(rest_of_line(message, "Expected Number of Columns: ").value_or(""))) {
    const auto found = leading_number(rest_of_line(message, " Found: ").value_or(""));
    return fmt::format("{} {} where the header has {}: {}", found.value_or(0), found == 1 ? "field" : "fields", *expected,
                       shown);
  }
  if (message.find("unterminated quote") != std::string_view::npos) {
    return fmt::format("{}: {}", kOpenQuote, shown);
  }
  if (message.find("Invalid unicode") != std::string_view::npos) {
    return fmt::format("bytes that are not in the file's encoding; say which it is, as in ?encoding=latin-1: {}", shown);
  }
  if (const auto most = leading_number(rest_of_line(message, "Maximum line size of ").value_or(""))) {
    return fmt::format("a row of more than {}, which is too long", human_bytes(*most));
  }
  return fmt::format("{}: lines end in different ways; give all of them the same end, as dos2unix(1) does", kNoCsv);
}

}  // namespace

bool may_be_of_line_ends(std::string_view sentence) { return contains(sentence, kOpenQuote) || contains(sentence, kNoCsv); }

std::optional<Error> csv_failure(std::string_view message) {
  if (message.find("File is not latin-1 encoded") != std::string_view::npos) {
    return Error(ErrorKind::bad_data, "?encoding=latin-1 is not what it is: there are bytes from 80 to 9F, which are no characters of it; if it "
                                      "is windows-1252, convert it: iconv -f windows-1252 -t utf-8");
  }
  if (message.find("File is not utf-16 encoded") != std::string_view::npos) {
    return Error(ErrorKind::bad_data, "?encoding=utf-16 reads characters up to FFFF, and there are others, such as emoji, or bytes that are no "
                                      "UTF-16; convert it to UTF-8: iconv -f utf-16 -t utf-8");
  }
  // A row that begins in one buffer does not end in the next either.
  if (message.find("does not support a full read on this file") != std::string_view::npos) {
    return Error(ErrorKind::bad_data, "a row is too long");
  }
  const bool of_a_line = message.find("CSV Error on Line: ") != std::string_view::npos;
  if (!of_a_line && message.find("The CSV Parser state machine") == std::string_view::npos) return std::nullopt;
  return Error(ErrorKind::bad_data, fmt::format("{}: {}", place(message), fault(message)));
}

}  // namespace ingestr::duck
