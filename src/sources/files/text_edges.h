// What a text begins and ends with.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "duck/connection.h"

namespace ingestr::files {

// Of a text that comes in pieces; a byte order mark of UTF-8 and blanks at either end count for nothing.
class TextEdges {
 public:
  void add(std::string_view piece);
  std::string_view beginning() const { return beginning_; }  // some characters
  char last() const { return last_; }                        // NUL: there is none

 private:
  size_t mark_bytes_ = 0;  // of the byte order mark, as far as it has come
  bool may_be_mark_ = true;  // nothing else has come
  bool has_begun_ = false;
  std::string beginning_;
  char last_ = '\0';
};

// Of a file that is not compressed, of which no more is read than that takes.
TextEdges edges_of(duck::Connection& connection, const std::string& path);

// What decompressing files has shown, by their paths.
struct PackedText {
  TextEdges edges;
  bool is_whole = true;  // it was decompressed to its end
};
using PackedTexts = std::map<std::string, PackedText>;

}  // namespace ingestr::files
