// The source duckdb://: tables and queries of a DuckDB file.
#pragma once

#include "engine/connector.h"

namespace ingestr {

Connector duckdb_source_connector();

}  // namespace ingestr
