// File: what a csv:// or jsonl:// URI names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/uri.h"

namespace ingestr::files {

struct File {
  std::filesystem::path path;
  std::string encoding = "utf-8";  // as DuckDB calls it: utf-8, latin-1, utf-16
  uint64_t bytes = 0;              // as it lies on disk
  bool compressed = false;         // .gz or .zst

  // What people call it: its name, without directories.
  std::string name() const { return path.filename().string(); }
  // 'path' as SQL for DuckDB, for which *, ? and [ in it mean nothing.
  std::string sql() const;
};

// csv://rel.csv, csv://data/rel.csv and csv:///abs.csv; percent-encoded bytes are decoded. Throws Error, before a byte is
// read: usage for a URI that names no file or a directory, or an encoding that cannot be read; not_found, auth.
File open_file(const Uri& uri);

}  // namespace ingestr::files
