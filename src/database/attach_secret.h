// Where a database is and who asks, as DuckDB's extensions take it in ATTACH.
#pragma once

#include <string>
#include <string_view>

#include "database/address.h"

namespace ingestr::database {

// The statement that keeps user, password, host and database for ATTACH, whose failures then do not repeat them.
std::string create_secret(std::string_view name, std::string_view type, const Address& address);

}  // namespace ingestr::database
