// What DuckDB's extensions say when a database server cannot be used, in one sentence.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "database/address.h"

namespace ingestr::database {

// "cannot connect to the PostgreSQL database shop on 127.0.0.1:5432: password authentication failed for user "loader"", its kind
// auth, not_found or unavailable as far as the reason tells.
Error connect_failure(std::string_view title, std::string_view shown, const Error& error);

// The statement that keeps user, password, host and database for ATTACH, whose failures then do not repeat them.
std::string create_secret(std::string_view name, std::string_view type, const Address& address);

}  // namespace ingestr::database
