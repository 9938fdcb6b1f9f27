// The source of a bucket, or a directory in one: files of all kinds; a table's name is the path of one, or a pattern for several.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/source.h"

namespace ingestr::files {

// `table_of` makes the table of a path. `listing` is the pattern that all files fit, for people.
struct RemoteTables {
  std::function<std::unique_ptr<Table>(std::string_view path)> table_of;
  std::function<std::vector<std::string>()> list;  // the paths that are there; makes requests
  std::string name;
};

std::unique_ptr<Source> make_remote_source(RemoteTables tables);

}  // namespace ingestr::files
