// Extension: what DuckDB can do with a library that is loaded when it is needed: another database, a file format, a
// protocol.
#pragma once

#include <filesystem>
#include <string>

#include "duck/connection.h"

namespace ingestr::duck {

// DuckDB's own, of the engine's version. A process holds each file that it loads against the SHA-512 of the one it was built with, once: DuckDB
// would check its signature for each engine, which takes 0.3 s of CPU.
enum class Extension { avro, azure, httpfs, mysql, postgres, sqlite };

// Loads it into the engine of the connection; nothing happens when it is there. Nothing is fetched. Throws Error(unavailable) naming the file that
// is missing, that was changed, or that the engine refuses. Thread-safe.
void load(Connection& connection, Extension extension);

// The statement that does it, for engines that are not at hand. Throws like load() for a file that is missing or was changed.
std::string load_sql(Extension extension);

// The directory that DuckDB finds them in: beside the engine's own library, which lies in lib/ beside the program. DuckDB
// adds its version and platform to it.
std::string extension_directory();

// Throws Error(unavailable) when the file is not the one of that extension that this program was built with.
void check_extension_file(const std::filesystem::path& file, Extension extension);

}  // namespace ingestr::duck
