// Rows into a landing table of MySQL, in bulk.
#pragma once

#include <string>

#include "database/mysql_client.h"
#include "destinations/database/landing.h"

namespace ingestr::database {

// A value of the engine as text that MySQL reads without loss; a blob as hexadecimal digits.
std::string mysql_carried(const std::string& value, const Type& type);

// Takes rows into a table, all or none, and returns how many: by LOAD DATA LOCAL from memory, or by INSERT of many rows where the
// server allows no local_infile. Throws Error(bad_data) that names row and column for a value that MySQL does not have: a number
// that is not finite, a date before the year 1 or after 9999.
uint64_t load_into_mysql(MysqlClient& client, bool has_local_infile, duck::Connection& connection, const CarriedRows& rows,
                         const duck::Connection::Watch& watch);

}  // namespace ingestr::database
