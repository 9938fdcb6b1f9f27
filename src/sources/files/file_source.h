// The source of a file, or of a pattern for files: one table, whatever it is called.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "engine/source.h"
#include "sources/files/kind.h"

namespace ingestr::files {

// `name` is what people call the file. `stop` ends what is being read. `look` finds the same files without fetching them; empty: `find`
// fetches nothing.
std::unique_ptr<Source> make_file_source(std::string name, FindFiles find, MakeTable make_table, std::stop_token stop, FindFiles look = {});

}  // namespace ingestr::files
