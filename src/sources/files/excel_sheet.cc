#include "sources/files/excel_sheet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "data/schema.h"
#include "duck/text.h"
#include "duck/values.h"

namespace ingestr::files {
namespace {

std::string read_sql(const std::string& path, const std::optional<std::string>& sheet, bool as_written) {
  return fmt::format("read_xlsx({}, header = true, empty_as_varchar = true, stop_at_empty = false, all_varchar = {}{})", duck::quote_text(path),
                     as_written, sheet ? ", sheet = " + duck::quote_text(*sheet) : "");
}

// Excel counts days, and a day in February 1900 that never was: what is before it has the number of the day before.
std::string milliseconds_sql(const std::string& number) {
  return fmt::format("(CAST(round(({0} + CASE WHEN {0} BETWEEN 1 AND 59.999999999 THEN 1 ELSE 0 END) * 86400000) AS BIGINT) - 2209161600000)",
                     number);
}

// A cell as it is written, once it is known to be of the type; `also` is what else it must be. The engine's own reading takes a
// millisecond beside a full second for that second.
std::string checked(const Column& column, std::string_view type, std::string_view what, std::string_view also = "true") {
  const std::string cell = duck::quote_name(column.name), value = fmt::format("TRY_CAST({} AS {})", cell, type);
  const std::string fault = duck::raise(fmt::format("{} || left({}, {}) || {}", duck::quote_text(fmt::format("column \"{}\": the cell ", column.name)),
                                                    cell, duck::kShownValueBytes,
                                                    duck::quote_text(fmt::format(" is no {}, as the column's first cell is", what))));
  return fmt::format("CASE WHEN {0} IS NOT NULL AND ({1} IS NULL OR NOT {2}) THEN {3} ELSE {1} END", cell, value,
                     fmt::format(fmt::runtime(also), value), fault);
}

std::string value_sql(const Column& column) {
  const TypeId type = column.type.id;
  if (type == TypeId::boolean) return checked(column, "BOOLEAN", "truth value");
  if (type == TypeId::double_) return checked(column, "DOUBLE", "number");
  if (type == TypeId::date) {
    return fmt::format("CAST(epoch_ms({}) AS DATE)", milliseconds_sql(checked(column, "DOUBLE", "date", "{0} = floor({0})")));
  }
  if (type == TypeId::timestamp) return fmt::format("epoch_ms({})", milliseconds_sql(checked(column, "DOUBLE", "time")));
  if (type == TypeId::time) return fmt::format("CAST(epoch_ms({}) AS TIME)", milliseconds_sql(checked(column, "DOUBLE", "time of day")));
  return duck::quote_name(column.name);
}

}  // namespace

std::string sheet_sql(duck::Connection& connection, const std::string& path, const std::optional<std::string>& sheet) {
  std::vector<std::string> values;
  for (const Column& column : connection.describe("FROM " + read_sql(path, sheet, false)).columns) {
    values.push_back(fmt::format("{} AS {}", value_sql(column), duck::quote_name(column.name)));
  }
  return fmt::format("(SELECT {} FROM {})", fmt::join(values, ", "), read_sql(path, sheet, true));
}

}  // namespace ingestr::files
