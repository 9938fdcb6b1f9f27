// The bytes of a file, wherever an engine's session can open it.
#pragma once

#include <cstddef>
#include <string>

#include "duck/connection.h"

namespace ingestr::duck {

// The first ones, at most so many; fewer: there are no more. In no transaction. Throws what duck/failure.h says.
std::string first_bytes(Connection& connection, const std::string& path, size_t most);

}  // namespace ingestr::duck
