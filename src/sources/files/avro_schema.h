// What the schema of an Avro file says of its values and the engine does not take from it: DuckDB 1.5.5 gives decimals in bytes as these
// bytes and instants without their zone. See the Avro specification, "Object Container Files" and "Logical Types".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "duck/function.h"

namespace ingestr::files {

// The schema, as JSON, of a file that begins so. Nothing: it is longer than that, or it is no Avro file.
std::optional<std::string> avro_schema(std::string_view head);

// Of rows of that schema as the engine gives them, what stands behind SELECT for them as they are meant: `*`, with REPLACE for columns in
// which decimals and instants are, at any depth. Throws Error(unsupported) that names the column of what the engine cannot read, or
// gives other than it is.
std::string avro_columns(const std::string& schema);

// What that calls.
duck::TextFunction avro_decimal_function();

}  // namespace ingestr::files
