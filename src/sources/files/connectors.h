// The sources csv://, tsv://, jsonl://, json://, parquet://, avro:// and xlsx://: files of one kind.
#pragma once

#include <vector>

#include "engine/connector.h"

namespace ingestr {

std::vector<Connector> file_connectors();

}  // namespace ingestr
