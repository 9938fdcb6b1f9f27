// Pattern: which files of a place a path with stars stands for.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "files/entry.h"

namespace ingestr::files {

// A path whose stars stand for any part of a name, "**" for any directories, where they are written as such; inside, such a star is
// a NUL, so that a star of a name stays one.
class Pattern {
 public:
  // Of a URI, percent-encoded: "%2A" is a star of a name. Throws Error(usage) for a NUL byte.
  static Pattern encoded(std::string_view text);
  static Pattern written(std::string_view text);

  bool has_stars() const { return text_.find('\0') != std::string::npos; }
  // With stars that are characters.
  std::string path() const;
  bool ends_with_slash() const { return text_.empty() || text_.ends_with('/'); }
  // This directory and a path below it.
  Pattern below(const Pattern& path) const;

  // The entries of a directory: "." is the one that paths begin in which do not begin with a slash, "/" the root.
  using List = std::function<std::vector<Entry>(const std::string& directory)>;
  // The files that fit, in the order of their paths. Names that begin with a dot are passed over, and what is behind a symbolic link to a
  // directory for "**".
  std::vector<File> fitting(const List& list) const;

 private:
  explicit Pattern(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

// The path of a name in a directory, which may be ".".
std::string path_in(const std::string& directory, std::string_view name);

// Whether a name fits a pattern of one.
bool fits(std::string_view pattern, std::string_view name);

}  // namespace ingestr::files
