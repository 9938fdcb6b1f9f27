// The destinations csv://, tsv://, jsonl://, json://, parquet:// and xlsx://, on this machine or in a pipe, s3://, gs://, az:// and
// sftp://: one file, or a directory that each run adds a file to.
#pragma once

#include <vector>

#include "engine/connector.h"

namespace ingestr {

// Destinations for those of `connectors` whose files can be written; they read the rows that are there as sources.
std::vector<Connector> file_destinations(const std::vector<Connector>& connectors, OpenStore open_store);

}  // namespace ingestr
