// What a path leads to, whether anything is there or not.
#pragma once

#include <filesystem>

namespace ingestr {

// Absolute and without links, as the system goes: what ".." is behind a link to a directory depends on where that leads. Links that go in
// a circle stay.
std::filesystem::path behind_links(const std::filesystem::path& path);

}  // namespace ingestr
