#include "destinations/database/postgres_dialect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "database/postgres_types.h"
#include "duck/text.h"
#include "sql/decode.h"
#include "sql/rows.h"
#include "sql/text_pattern.h"

namespace ingestr::database {
namespace {

using Texts = std::vector<std::string>;

// A value's text as the type has it, by way of another type; NULL where a cast fails. The server has pg_input_is_valid()
// only since version 16.
constexpr std::string_view kTry = R"(CREATE OR REPLACE FUNCTION pg_temp._ingestr_try(value text, by_way_of text, wanted text) RETURNS text AS $$
DECLARE result text;
BEGIN
  EXECUTE pg_catalog.format('SELECT CAST(CAST(CAST($1 AS %s) AS %s) AS text)', by_way_of, wanted) INTO result USING value;
  RETURN result;
EXCEPTION WHEN OTHERS THEN RETURN NULL;
END $$ LANGUAGE plpgsql STABLE)";

// A JSON array's text as the array type has it; NULL where it is none of such elements.
constexpr std::string_view kTryList = R"(CREATE OR REPLACE FUNCTION pg_temp._ingestr_try_list(value text, wanted text) RETURNS text AS $$
DECLARE result text; same boolean;
BEGIN
  EXECUTE pg_catalog.format('SELECT CAST(a AS text), pg_catalog.to_jsonb(a) = CAST($1 AS jsonb) FROM (SELECT CAST(coalesce(pg_catalog.array_agg(e ORDER BY n), ''{}'') AS %s) '
                 'FROM pg_catalog.json_array_elements_text(CAST($1 AS json)) WITH ORDINALITY AS t(e, n)) AS q(a)', wanted) INTO result, same USING value;
  RETURN CASE WHEN same THEN result END;
EXCEPTION WHEN OTHERS THEN RETURN NULL;
END $$ LANGUAGE plpgsql STABLE)";

std::string cast(const std::string& value, const std::string& type) { return fmt::format("CAST({} AS {})", value, type); }

std::string tried_list(const std::string& value, const std::string& type) {
  return cast(fmt::format("pg_temp._ingestr_try_list({}, {})", cast(value, "text"), duck::quote_text(type)), type);
}

// Whether a string has escapes that no text of the server can hold: half of a surrogate pair, or a NUL.
std::string has_odd_escapes(const std::string& json) {
  return fmt::format(
      R"((pg_catalog.strpos({0}, '\u') > 0 AND )"
      R"(pg_catalog.regexp_replace(pg_catalog.replace({0}, '\\', ''), '\\u[dD][89abAB][0-9a-fA-F]{{2}}\\u[dD][c-fC-F][0-9a-fA-F]{{2}}', '', 'g') ~ '\\u([dD][89a-fA-F]|0000)'))",
      json);
}

// The characters of a string, the text of anything else, NULL for null.
std::string decoded(const std::string& json) {
  const std::string text = cast(json, "text");
  return fmt::format(
      R"sql(CASE pg_catalog.json_typeof({0}) WHEN 'null' THEN NULL WHEN 'string' THEN )sql"
      R"sql(CASE WHEN {2} THEN substring({1} from '^\s*"(.*)"\s*$') ELSE {0} #>> '{{}}' END ELSE {1} END)sql",
      json, text, has_odd_escapes(text));
}

bool is_json(const Type& type) {
  return type.id == TypeId::json || (type.id == TypeId::list && is_json(*type.element)) || postgres_type(type) == "json";
}

// A list of JSON values is one value too.
std::string made_json(const std::string& value, const Type& from) {
  if (from.id != TypeId::list && (is_json(from) || from.id == TypeId::null)) return value;
  const bool json_has_it = from.id == TypeId::boolean || from.id == TypeId::list || is_number(from);
  return fmt::format("pg_catalog.to_json({})", json_has_it ? value : cast(value, "text"));
}

}  // namespace

std::string PostgresDialect::identifier(std::string_view name) const {
  if (name.size() <= kLongestName) return Dialect::identifier(name);
  throw Error(ErrorKind::unsupported,
              fmt::format("the name \"{}\" is longer than the {} bytes that PostgreSQL has for one; name another", name, kLongestName));
}

std::string PostgresDialect::type(const Type& type) const { return postgres_type(type); }

std::string PostgresDialect::converted(const std::string& value, const Type& from, const Type& to) const {
  if (to.native && *to.native == "jsonb") return cast(made_json(value, from), *to.native);
  // Element by element, for the text of a list of boxes has other separators.
  const bool are_lists = to.native && to.native->ends_with("[]") && from.id == TypeId::list && from.element->id == TypeId::varchar;
  if (to.native) return cast(are_lists ? value : cast(value, "text"), *to.native);
  const bool is_made = to.id == TypeId::json && from.id != TypeId::null && (!is_json(from) || from.id == TypeId::list);
  return is_made ? made_json(value, from) : Dialect::converted(value, from, to);
}

std::string PostgresDialect::try_converted(const std::string& value, const Type& from, const Type& to) const {
  // Digits as they are written: a cast of a floating point number to an exact one rounds to 15.
  const std::string by_way_of = is_number(from) && is_number(to) ? "numeric" : type(from.id == TypeId::json ? Type(TypeId::varchar) : from);
  const std::string tried =
      fmt::format("pg_temp._ingestr_try({}, {}, {})", cast(value, "text"), duck::quote_text(by_way_of), duck::quote_text(type(to)));
  return cast(tried, type(to));
}

std::string PostgresDialect::fitted(const std::string& value, const Type& from, const Type& to) const {
  if (from.id == TypeId::json && to.id == TypeId::list) return tried_list(value, type(to));
  if (from.id != TypeId::varchar && from.id != TypeId::json) return Dialect::fitted(value, from, to);
  const std::string pattern = text_pattern(to);
  if (pattern.empty()) return fmt::format("CAST(NULL AS {})", type(to));
  const bool from_json = from.id == TypeId::json;
  const std::string text = from_json ? "(" + decoded(value) + ")" : value;
  const std::string there = try_converted(text, TypeId::varchar, to);
  const std::string scalar = from_json ? fmt::format("pg_catalog.json_typeof({}) NOT IN ('array', 'object') AND ", value) : "";
  return fmt::format("CASE WHEN {}{} ~ '^({})$' AND {} THEN {} END", scalar, text, pattern, keeps_digits(text, to, there, *this), there);
}

std::string PostgresDialect::differ(const std::string& a, const std::string& b, const Type& type) const {
  if (has_equality(postgres_type(type))) return Dialect::differ(a, b, type);
  return Dialect::differ(cast(a, "text"), cast(b, "text"), type);
}

Texts PostgresDialect::decode(const DecodeColumn& step) const {
  const std::string column = identifier(step.column);
  return decode_sql(step, {.text = decoded(column), .list = tried_list(column, type(step.type))}, *this);
}

std::string PostgresDialect::place_column() const {
  return fmt::format("{} bigint GENERATED BY DEFAULT AS IDENTITY", kPlace);
}

Texts PostgresDialect::merge(const MergeRows& step) const {
  const std::string target = table(step.to);
  const std::string source = landed_rows(step.from, step.columns) + " AS source";
  const std::string condition = merge_condition(step, *this);
  Texts names, changes, values;
  for (const CopiedColumn& column : step.columns) {
    names.push_back(identifier(column.to));
    values.push_back("source." + names.back());
    if (std::ranges::find(step.key, column.to) == step.key.end()) changes.push_back(names.back() + " = " + values.back());
  }
  const std::string update = changes.empty() ? "" : fmt::format("WITH changed AS (UPDATE {} AS target SET {} FROM {} WHERE {}) ", target,
                                                                fmt::join(changes, ", "), source, condition);
  return {fmt::format("{}INSERT INTO {} ({}){} SELECT {} FROM {} WHERE NOT EXISTS (SELECT 1 FROM {} AS target WHERE {})", update, target,
                      fmt::join(names, ", "), overriding(), fmt::join(values, ", "), source, target, condition)};
}

std::string PostgresDialect::functions() { return fmt::format("{};\n{}", kTry, kTryList); }

bool PostgresDialect::needs_functions(const Step& step) {
  const auto* decoded = std::get_if<DecodeColumn>(&step);
  return is_any_of<RequireExact, FitColumn, DiscardRows>(step) || (decoded != nullptr && decoded->type.id == TypeId::list);
}

}  // namespace ingestr::database
