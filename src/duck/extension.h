// Extension: what DuckDB can do with a library that is loaded when it is needed: another database, a file format, a
// protocol.
#pragma once

#include <string>

#include "duck/connection.h"

namespace ingestr::duck {

// DuckDB's own, of the engine's version; each carries DuckDB's signature, which the engine checks.
enum class Extension { avro, azure, httpfs, mysql, postgres, sqlite };

// Loads it into the engine of the connection; about 50 ms the first time, nothing after that. Nothing is fetched. Throws
// Error(unavailable) naming the file that is missing or that the engine refuses.
void load(Connection& connection, Extension extension);

// The statement that does it, for engines that are not at hand.
std::string load_sql(Extension extension);

// The directory that DuckDB finds them in: beside the engine's own library, which lies in lib/ beside the program. DuckDB
// adds its version and platform to it.
std::string extension_directory();

}  // namespace ingestr::duck
