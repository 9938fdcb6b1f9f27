// Target: what the URI of a file destination names.
#pragma once

#include <filesystem>

#include "base/uri.h"

namespace ingestr::file_output {

struct Target {
  std::filesystem::path path;  // absolute; behind a symbolic link
  bool is_directory = false;   // each run adds a file to it

  // Whether rows are there.
  bool has_rows() const;
};

// csv://rel.csv, csv://data/rel.csv and csv:///abs.csv; a directory ends with "/". Throws Error: usage for a URI that names
// no file, unsupported for what is no regular file, auth when it must not be read or written.
Target target_of(const Uri& uri);

}  // namespace ingestr::file_output
