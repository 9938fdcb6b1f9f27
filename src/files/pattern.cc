#include "files/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "base/uri.h"

namespace ingestr::files {
namespace {

constexpr char kStar = '\0';
constexpr std::string_view kAnyDirectories("\0\0", 2);

// Finds the files that fit; one walk for one pattern.
class Walk {
 public:
  Walk(std::vector<std::string> parts, const Pattern::List& list) : parts_(std::move(parts)), list_(list) {}

  void enter(const std::string& directory, size_t at) {
    // Names without a star are gone through without a look; a directory that is not there has no files.
    std::string below = directory;
    while (at + 1 < parts_.size() && parts_[at].find(kStar) == std::string::npos) below = path_in(below, parts_[at++]);
    const bool any = parts_[at] == kAnyDirectories, is_last = at + 1 == parts_.size();
    if (any && !is_last) enter(below, at + 1);
    for (const Entry& entry : list_(below)) {
      if (entry.name.starts_with('.')) continue;
      const std::string path = path_in(below, entry.name);
      if (is_last && entry.kind == Entry::Kind::file && (any || fits(parts_[at], entry.name))) {
        found_[path] = {path, entry.bytes, entry.changed};
      }
      if (entry.kind != Entry::Kind::directory) continue;
      if (any && !entry.is_link) enter(path, at);
      if (!any && !is_last && fits(parts_[at], entry.name)) enter(path, at + 1);
    }
  }

  std::vector<File> found() const {
    std::vector<File> files;
    for (const auto& [path, file] : found_) files.push_back(file);
    return files;
  }

 private:
  std::vector<std::string> parts_;
  const Pattern::List& list_;
  std::map<std::string, File> found_;  // by path
};

}  // namespace

std::string path_in(const std::string& directory, std::string_view name) {
  if (directory == ".") return std::string(name);
  return fmt::format("{}{}{}", directory, directory.ends_with('/') ? "" : "/", name);
}

bool fits(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, matched = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == kStar) {
      star = p++;
      matched = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++matched;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == kStar) ++p;
  return p == pattern.size();
}

Pattern Pattern::encoded(std::string_view text) {
  std::string path;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('*', at), text.size());
    const std::string piece = percent_decode(text.substr(at, end - at));
    if (piece.find('\0') != std::string::npos) throw Error(ErrorKind::usage, "the URI names a file with a NUL byte in it, which no system has");
    path += piece;
    for (at = end; at < text.size() && text[at] == '*'; ++at) path += kStar;
  }
  return Pattern(std::move(path));
}

Pattern Pattern::written(std::string_view text) {
  std::string path(text);
  std::ranges::replace(path, '*', kStar);
  return Pattern(std::move(path));
}

std::string Pattern::path() const {
  std::string path = text_;
  std::ranges::replace(path, kStar, '*');
  return path;
}

Pattern Pattern::below(const Pattern& path) const {
  std::string_view rest = path.text_;
  while (rest.starts_with("./")) rest.remove_prefix(2);
  while (!text_.empty() && rest.starts_with('/')) rest.remove_prefix(1);
  return Pattern(text_ + std::string(rest));
}

std::vector<File> Pattern::fitting(const List& list) const {
  std::vector<std::string> parts = split(text_, '/');
  std::erase_if(parts, [](const std::string& part) { return part.empty() || part == "."; });
  if (parts.empty()) return {};
  Walk walk(std::move(parts), list);
  walk.enter(text_.starts_with('/') ? "/" : ".", 0);
  return walk.found();
}

}  // namespace ingestr::files
