#include "destinations/database/postgres_fit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "database/postgres_types.h"
#include "destinations/database/postgres_dialect.h"

namespace ingestr::database {
namespace {

std::string server_text(const std::string& value) { return fmt::format("CAST({} AS text)", value); }

// Blanks at the end go without a word, and other characters with an error of the server's.
bool cuts_text(std::string_view type) { return type.starts_with("character varying(") || type.starts_with("character("); }

// What is left of a value in a column of the type, as text. In a list a `character(4)` has blanks that it has not by itself.
std::string left_of(const std::string& value, std::string_view type) {
  const std::string there = fmt::format("CAST({} AS {})", value, type);
  return server_text(type.ends_with("[]") && cuts_text(type) ? fmt::format("CAST({} AS text[])", there) : there);
}

// A condition: the text has digits that a value of the type has not, or a time of day that a date has not. Nothing: a type that takes all of a
// text or refuses it. Of others' own, such as ranges of theirs, nobody knows.
std::optional<std::string> loses_some(const std::string& text, std::string_view type) {
  const auto is_one_of = [&](std::initializer_list<std::string_view> types) { return std::ranges::find(types, type) != types.end(); };
  if (is_one_of({"time with time zone", "time without time zone", "timestamp with time zone", "timestamp without time zone", "interval", "tsrange",
                 "tstzrange", "tsmultirange", "tstzmultirange"})) {
    return fmt::format("{} ~ '[.][0-9]{{6}}[0-9]*[1-9]'", text);
  }
  if (is_one_of({"date", "daterange", "datemultirange"})) return fmt::format("{} ~ '[0-9]:'", text);
  const bool is_real = type == "real";
  if (!is_real && !is_one_of({"double precision", "point", "line", "lseg", "box", "path", "polygon", "circle"})) return std::nullopt;
  return fmt::format("EXISTS (SELECT 1 FROM pg_catalog.regexp_matches({}, '[0-9]*[.]?[0-9]+(?:[eE][+-]?[0-9]+)?', 'g') AS numbers(n) WHERE CAST(n[1] AS "
                     "numeric) <> CAST(CAST(CAST(n[1] AS {}) AS text) AS numeric))",
                     text, is_real ? "real" : "double precision");
}

// A condition: the column would change the value and say nothing. Nothing: it never does.
std::optional<std::string> is_changed(const FittedValue& one) {
  const std::string& type = one.column.type;
  if (rounds_times(type) || cuts_text(type)) return fmt::format("{} <> {}", server_text(one.value), left_of(one.value, type));
  return one.text.empty() ? std::nullopt : loses_some(server_text(one.text), one.column.made_of);
}

}  // namespace

// The text of a value has all its digits, and tells intervals apart that are equal to the server.
void require_fit(PostgresClient& client, const TableName& landing, const std::vector<FittedValue>& values) {
  std::vector<std::string> selected;
  std::vector<const FittedValue*> looked_at;
  for (const FittedValue& one : values) {
    const std::optional<std::string> condition = is_changed(one);
    if (!condition) continue;
    const std::string text = server_text(one.text.empty() ? one.value : one.text);
    selected.push_back(fmt::format("count(*) FILTER (WHERE {1}), min({0}) FILTER (WHERE {1})", text, *condition));
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
