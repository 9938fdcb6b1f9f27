// What the schema of an Avro file says of its values and the engine does not take from it: DuckDB 1.5.5 gives decimals in bytes as these
// bytes and instants without their zone. See the Avro specification, "Logical Types".
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "duck/function.h"

namespace ingestr::files {

// Of rows of a schema, JSON, as the engine gives them, what stands behind SELECT for them as they are meant: `*`, with REPLACE for columns in
// which decimals and instants are, at any depth. Throws Error(bad_data) that names the column of what the engine cannot read, or
// gives other than it is.
std::string avro_columns(const std::string& schema);

// What that calls.
duck::TextFunction avro_decimal_function();

}  // namespace ingestr::files
