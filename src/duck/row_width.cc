#include "duck/row_width.h"

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr::duck {

uint64_t row_width(Connection& connection, const std::string& select) {
  try {
    const auto rows = connection.query(
        fmt::format("SELECT CAST(coalesce(avg(strlen(CAST(ingestr_row AS VARCHAR))), 0) AS BIGINT) FROM (SELECT * FROM ({}) LIMIT {}) AS ingestr_row",
                    select, kWidthSampleRows));
    return std::stoull(rows.at(0).at(0).value());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    return 0;
  }
}

}  // namespace ingestr::duck
