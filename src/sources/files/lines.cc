#include "sources/files/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::files {
namespace {

constexpr int kHeadLines = 1'000;
constexpr uint64_t kPieceBytes = 64'000;

// The CSV reader, told of a delimiter that no text has: it reads in parallel and knows encodings.
std::string lines_as(const Files& files, std::string_view encoding, bool mixed_ends) {
  return fmt::format(
      "read_csv({}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', encoding = '{}', "
      "strict_mode = {}, hive_partitioning = false, columns = {{'line': 'VARCHAR'}}, {})",
      files.sql(), encoding, !mixed_ends, buffer_options());
}

}  // namespace

std::string buffer_options() { return fmt::format("buffer_size = {0}, max_line_size = {0}", kLongestRow); }

std::string lines_sql(const Files& files, bool mixed_ends) { return lines_as(files, files.encoding, mixed_ends); }

void check_byte_order(duck::Connection& connection, const Files& file) {
  if (file.encoding != "utf-16") return;
  const auto first = connection.query(fmt::format("SELECT line FROM {} LIMIT 1", lines_as(file, "latin-1", true)));
  if (first.empty() || !first[0][0].value_or("").starts_with("\xC3\xBE\xC3\xBF")) return;  // FE FF
  throw Error(ErrorKind::unsupported,
              fmt::format("--source-uri names {}: it is big-endian UTF-16, which cannot be read; convert it to UTF-8", file.name));
}

void check_last_line(const Files& file) {
  if (!file.is_local || file.is_compressed()) return;
  std::ifstream bytes(file.paths.front(), std::ios::binary | std::ios::ate);
  const auto size = static_cast<uint64_t>(std::max<std::streamoff>(bytes.tellg(), 0));
  std::string piece;
  bool in_line = false;  // behind the line ends that the file ends with
  for (uint64_t looked_at = 0; looked_at < kLongestRow; looked_at += piece.size()) {
    piece.resize(std::min(kPieceBytes, size - std::min(size, looked_at)));
    if (piece.empty() || !bytes.seekg(static_cast<std::streamoff>(size - looked_at - piece.size())) ||
        !bytes.read(piece.data(), static_cast<std::streamsize>(piece.size()))) {
      return;
    }
    for (auto at = piece.rbegin(); at != piece.rend(); ++at) {
      const bool is_end = *at == '\n' || *at == '\r';
      if (is_end && in_line) return;
      in_line = in_line || !is_end;
    }
  }
  throw Error(ErrorKind::bad_data, fmt::format("{}: its last row is longer than {}, which is too long", file.called(file.paths.front()),
                                               human_bytes(kLongestRow)));
}

Head read_head(duck::Connection& connection, const Files& files) {
  check_byte_order(connection, files);
  check_last_line(files);
  Head head;
  uint64_t bytes = 0;
  for (const auto& row : connection.query(fmt::format("SELECT line FROM {} LIMIT {}", lines_sql(files, true), kHeadLines))) {
    head.lines.push_back(row[0].value_or(""));
    bytes += head.lines.back().size();
  }
  if (!head.lines.empty()) head.row_bytes = std::max<uint64_t>(1, bytes / head.lines.size());
  return head;
}

}  // namespace ingestr::files
