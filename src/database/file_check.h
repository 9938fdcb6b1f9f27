// What is found out about a database file before an engine opens it, and said when it cannot.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.h"

namespace ingestr::database {

// The path. Throws Error when no file is there that can be read: not_found, usage for a directory, auth.
std::filesystem::path check_file(std::filesystem::path path);

// "cannot read x.db: it is no SQLite database"
Error unreadable(const std::filesystem::path& path, std::string_view title, const Error& error);

}  // namespace ingestr::database
