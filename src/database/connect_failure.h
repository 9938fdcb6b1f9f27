// What DuckDB's extensions say when a database server cannot be used, in one sentence.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace ingestr::database {

// "cannot connect to the PostgreSQL database shop on 127.0.0.1:5432: password authentication failed for user "loader"", its kind
// auth, not_found or unavailable as far as the reason tells.
Error connect_failure(std::string_view title, std::string_view shown, const Error& error);

}  // namespace ingestr::database
