// Fetched files: what lies elsewhere and is read here, by paths in a directory of this machine.
#pragma once

#include <string>
#include <string_view>

namespace ingestr {

// What such a directory's name begins with; six letters follow, and below it lies "sftp/host/data/x.csv" for sftp://host/data/x.csv.
inline constexpr std::string_view kFetchedPrefix = "ingestr-fetched-";

// A text for people in which paths of such files have become the URIs of the files that they stand for.
std::string with_origins(std::string_view text);

}  // namespace ingestr
