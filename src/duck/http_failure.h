// What DuckDB reports of files at web servers and object stores, as an Error of ours. For duck/failure.cc.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"

namespace ingestr::duck {

// Names the address, without what stands behind a "?", for that may be a key; nothing when the message is of no such thing.
std::optional<Error> http_failure(std::string_view message);

}  // namespace ingestr::duck
