#include "sources/files/lines.h"

#include <fmt/format.h>

#include <algorithm>

namespace ingestr::files {
namespace {

constexpr int kHeadLines = 1'000;

}  // namespace

std::string buffer_options() { return fmt::format("buffer_size = {0}, max_line_size = {0}", kLongestRow); }

// The CSV reader, told of a delimiter that no text has: it reads in parallel and knows encodings.
std::string lines_sql(const File& file, bool mixed_ends) {
  return fmt::format(
      "read_csv({}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', encoding = '{}', "
      "strict_mode = {}, columns = {{'line': 'VARCHAR'}}, {})",
      file.sql(), file.encoding, !mixed_ends, buffer_options());
}

Head read_head(duck::Connection& connection, const File& file) {
  Head head;
  uint64_t bytes = 0;
  for (const auto& row : connection.query(fmt::format("SELECT line FROM {} LIMIT {}", lines_sql(file, true), kHeadLines))) {
    head.lines.push_back(row[0].value_or(""));
    bytes += head.lines.back().size();
  }
  if (!head.lines.empty()) head.row_bytes = std::max<uint64_t>(1, bytes / head.lines.size());
  return head;
}

}  // namespace ingestr::files
