// What the text of an Error begins with that is in the engine's own words, or in those of a server that it hands on.
#pragma once

#include <string_view>

namespace ingestr::duck {

inline constexpr std::string_view kEngineWords = "DuckDB: ";

}  // namespace ingestr::duck
