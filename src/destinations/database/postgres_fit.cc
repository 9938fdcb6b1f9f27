#include "destinations/database/postgres_fit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "database/postgres_types.h"
#include "destinations/database/postgres_dialect.h"

namespace ingestr::database {

namespace {

// Blanks at the end go without a word, and other characters with an error of the server's.
bool cuts_text(std::string_view type) { return type.starts_with("character varying(") || type.starts_with("character("); }

// What is left of a value in a column of the type, as text. In a list a `character(4)` has blanks that it has not by itself.
std::string left_of(const std::string& value, std::string_view type) {
  const std::string there = fmt::format("CAST({} AS {})", value, type);
  return type.ends_with("[]") && cuts_text(type) ? fmt::format("CAST(CAST({} AS text[]) AS text)", there) : fmt::format("CAST({} AS text)", there);
}

}  // namespace

// The text of a value has all its digits, and tells intervals apart that are equal to the server.
void require_fit(PostgresClient& client, const TableName& landing, const std::vector<FittedValue>& values) {
  std::vector<std::string> selected;
  std::vector<const FittedValue*> looked_at;
  for (const FittedValue& one : values) {
    if (!rounds_times(one.column.type) && !cuts_text(one.column.type)) continue;
    const std::string text = fmt::format("CAST({} AS text)", one.value);
    const std::string changed = fmt::format("FILTER (WHERE {} <> {})", text, left_of(one.value, one.column.type));
    selected.push_back(fmt::format("count(*) {1}, min({0}) {1}", text, changed));
    looked_at.push_back(&one);
  }
  if (selected.empty()) return;
  const Session::Row found = client.query(fmt::format("SELECT {} FROM {}", fmt::join(selected, ", "), PostgresDialect().table(landing))).at(0);
  for (size_t i = 0; i < looked_at.size(); ++i) {
    const uint64_t rows = std::stoull(found.at(2 * i).value());
    if (rows == 0) continue;
    throw Error(ErrorKind::bad_data,
                fmt::format("column {} is of the type {}, which would round or cut {} ({}); give the column another type, or load into another table",
                            looked_at[i]->column.name, looked_at[i]->column.type, shorten(found.at(2 * i + 1).value_or(""), 80),
                            rows == 1 ? "1 row" : group_digits(rows) + " rows"));
  }
}

}  // namespace ingestr::database
