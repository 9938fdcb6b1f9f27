// The interval of a request: which column it is of.
#pragma once

#include "engine/source.h"

namespace ingestr {

// The column that the request's interval is of, one of the table's schema; nothing when the request has none. Throws
// Error(usage) when an interval has no column or the table does not have the one that is named, Error(unsupported) when it is no date and
// no timestamp.
const Column* interval_column(const TableSpec& table, const ReadRequest& request);

}  // namespace ingestr
