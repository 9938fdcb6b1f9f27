// What a request wants of the rows of a file, as SQL.
#pragma once

#include <string>

#include "engine/source.h"

namespace ingestr::files {

// The rows of `select`, a SELECT whose columns are those of the table's schema, that lie in the request's interval, as many as
// its limit allows; `select` itself when all are wanted. A time beside a column without zone is compared as one of UTC.
// Throws what interval_column() throws.
std::string requested(const std::string& select, const TableSpec& table, const ReadRequest& request);

}  // namespace ingestr::files
