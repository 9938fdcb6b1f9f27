#include "sources/files/text_edges.h"

#include <algorithm>

#include "duck/bytes.h"

namespace ingestr::files {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF", kJsonBlanks = " \t\r\n";
constexpr size_t kBeginningBytes = 32;
constexpr uint64_t kEdgeBytes = 4'096;

}  // namespace

void TextEdges::add(std::string_view piece) {
  while (may_be_mark_ && mark_bytes_ < kMark.size() && !piece.empty() && piece.front() == kMark[mark_bytes_]) {
    piece.remove_prefix(1);
    ++mark_bytes_;
  }
  may_be_mark_ = may_be_mark_ && piece.empty();
  if (const size_t end = piece.find_last_not_of(kJsonBlanks); end != std::string_view::npos) last_ = piece[end];
  if (!has_begun_) piece.remove_prefix(std::min(piece.find_first_not_of(kJsonBlanks), piece.size()));
  has_begun_ = has_begun_ || !piece.empty();
  beginning_ += piece.substr(0, kBeginningBytes - beginning_.size());
}

TextEdges edges_of(duck::Connection& connection, const std::string& path) {
  duck::FileBytes bytes(connection, path);
  TextEdges edges;
  uint64_t at = 0;
  for (; at < bytes.size() && edges.beginning().empty(); at += kEdgeBytes) edges.add(bytes.at(at, kEdgeBytes));
  for (uint64_t end = bytes.size(); end > at;) {
    const uint64_t begin = end - std::min(end - at, kEdgeBytes);
    const std::string piece = bytes.at(begin, end - begin);
    const bool has_text = piece.find_first_not_of(kJsonBlanks) != std::string::npos;
    edges.add(piece);
    if (has_text) break;
    end = begin;
  }
  return edges;
}

}  // namespace ingestr::files
