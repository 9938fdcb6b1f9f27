// The source of a file: one table, whatever it is called.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "engine/source.h"
#include "sources/files/file.h"

namespace ingestr::files {

using MakeTable = std::function<std::unique_ptr<Table>(std::string name)>;

std::unique_ptr<Source> make_file_source(File file, MakeTable make_table);

}  // namespace ingestr::files
