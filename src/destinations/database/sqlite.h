// The destination sqlite://: tables of a SQLite file.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/connector.h"

namespace ingestr {

// `open_store` opens the files in which rows land.
Connector sqlite_destination_connector(OpenStore open_store);

// Of a file that no URI names. Throws Error naming the path: usage for a directory, bad_data for what is no SQLite database,
// conflict when another program has it locked or another run loads into it, auth. To look, nothing is made.
std::unique_ptr<Destination> open_sqlite_file(const std::filesystem::path& path, Access access, const Context& context, OpenStore open_store);

}  // namespace ingestr
