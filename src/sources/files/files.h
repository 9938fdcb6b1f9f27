// Files: what holds the rows of one table: a file, or those that a pattern stands for, wherever they lie.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "duck/connection.h"
#include "duck/database.h"
#include "duck/extension.h"

namespace ingestr::files {

enum class Packing { none, gzip, zstd };

// By the path's end, in any case, of a web address before its query.
Packing packing_of(std::string_view path);

// A path that is percent-encoded, as the engine has patterns: only a star that stands there as such means anything.
std::string glob_of(std::string_view path);

struct Files {
  std::string name;                 // what people call them; of a pattern, the pattern
  std::vector<std::string> paths;   // as the engine opens them, in the order of their rows; one at least
  std::vector<duck::Extension> extensions{};  // that an engine needs to read them
  std::vector<std::string> settings{};        // and statements, once it has these
  std::string encoding = "utf-8";   // of text, as DuckDB calls it: utf-8, latin-1, utf-16
  uint64_t bytes = 0;               // of all, as they lie there; 0: not known
  bool is_pattern = false;          // columns may stand in the names of directories: year=2026
  bool is_local = true;             // the system opens them by their paths
  bool takes_patterns = true;       // the engine takes a path with *, ? or [ for a pattern
  std::shared_ptr<const void> held{};  // as long as it lives, they do
  std::function<void()> look_again{};  // throws Error(unavailable) when they are not those that were found; empty: nobody can say

  // What people call one of `paths`.
  std::string called(const std::string& path) const;
  bool is_compressed() const;  // one of them
  // The paths as SQL for DuckDB, for which *, ? and [ in them mean nothing.
  std::string sql() const;
  // The same, of some of them.
  Files only(std::vector<std::string> some) const;
  // In order, files next to each other together whose paths have the same `kind_of(path)`.
  template <class KindOf>
  std::vector<Files> grouped(KindOf kind_of) const {
    std::vector<Files> groups;
    for (const std::string& path : paths) {
      if (groups.empty() || kind_of(groups.back().paths.front()) != kind_of(path)) groups.push_back(only({}));
      groups.back().paths.push_back(path);
    }
    return groups;
  }
  // How files that are all packed alike are, as an option for the engine, which by itself knows names in lower case only.
  std::string packing_option() const;
  // What lets an engine read them, as statements.
  std::vector<std::string> before() const;
  // A session of the engine that can read them.
  duck::Connection connect(const duck::Database& engine, std::stop_token stop) const;
};

// Names the file in what goes wrong, unless that does so itself.
template <class Work>
decltype(auto) of_file(std::string_view name, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const Error& error) {
    if (std::string_view(error.what()).starts_with(name)) throw;
    throw Error(error.kind(), std::string(name) + ": " + error.what());
  }
}

// What goes wrong with a file that is not all there, and the same by what people call it.
inline constexpr std::string_view kCutShort = "it is cut short or damaged, so not all of its rows can be read; get it again";
Error cut_short(std::string_view name);

// Of what is kept in memory because no value of it may reach the disk unmasked: throws Error(unsupported) for more than 256 MB.
void check_kept_in_memory(uint64_t bytes);

// Finds them; may make requests, and takes its time. Throws Error: not_found, auth, unavailable.
using FindFiles = std::function<Files()>;

}  // namespace ingestr::files
