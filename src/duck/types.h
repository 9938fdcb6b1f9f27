// DuckDB's types and ours. For src/duck only.
#pragma once

#include <duckdb.h>

#include "data/schema.h"

namespace ingestr::duck {

// The type of ours that holds every value of `type`: unsigned integers become wider ones, what has
// no counterpart (HUGEINT, STRUCT, MAP, UNION, ENUM, BIT, …) is the text that DuckDB casts it to.
Type type_of(duckdb_logical_type type);

}  // namespace ingestr::duck
