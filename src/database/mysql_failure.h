// What a MySQL or MariaDB server, or its client library, says by number.
// The numbers: https://mariadb.com/kb/en/mariadb-error-code-reference/
#pragma once

#include <string_view>

#include "base/error.h"
#include "database/mysql_server.h"

namespace ingestr::database {

inline constexpr unsigned kInterrupted = 1317;
inline constexpr unsigned kDoubledKey = 1062;
inline constexpr std::string_view kTruncated = "1265";

// In one sentence that names the server; `stopped`: the user asked for it. Of a doubled key the server's own words.
Error mysql_failure(const MysqlServer& server, unsigned code, std::string_view words, bool stopped);

}  // namespace ingestr::database
