// The source of a file: one table, whatever it is called.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "engine/source.h"
#include "sources/files/format.h"

namespace ingestr::files {

using MakeFormat = std::function<std::unique_ptr<Format>()>;

std::unique_ptr<Source> make_file_source(File file, MakeFormat make_format, std::stop_token stop);

}  // namespace ingestr::files
