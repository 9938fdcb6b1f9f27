// The sources parquet://, avro:// and xlsx://: files that know the types of their columns, read by the embedded engine.
#pragma once

#include <vector>

#include "engine/connector.h"

namespace ingestr {

std::vector<Connector> typed_file_connectors();

}  // namespace ingestr
