// The destinations csv://, tsv://, jsonl:// and parquet://, on this machine or in a pipe, s3:// and gs://: one file, or a directory
// that each run adds a file to.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "engine/connector.h"

namespace ingestr {

// Opens a database file in which rows land and steps are done before a file is written from it.
using OpenStore = std::function<std::unique_ptr<Destination>(const std::filesystem::path&, Access, const Context&)>;

// Destinations for those of `connectors` whose files can be written; they read the rows that are there as sources.
std::vector<Connector> file_destinations(const std::vector<Connector>& connectors, OpenStore open_store);

}  // namespace ingestr
