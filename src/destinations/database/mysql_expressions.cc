#include "destinations/database/mysql_expressions.h"

#include <fmt/format.h>

#include "data/type_kind.h"
#include "sql/text_pattern.h"

namespace ingestr::database {
namespace {

struct Bounds {
  std::string_view lowest, highest;
};

Bounds bounds_of(TypeId id) {
  if (id == TypeId::smallint) return {"-32768", "32767"};
  if (id == TypeId::integer) return {"-2147483648", "2147483647"};
  return {"-9223372036854775808", "9223372036854775807"};
}

// Without the zeros of a fraction that say nothing. `type` has one, which the column of others need not have.
std::string short_time(const std::string& value, std::string_view type) {
  return fmt::format("TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(CAST({} AS {}) AS CHAR)))", value, type);
}

// All digits of a number, the text of anything else.
std::string text_of_value(const std::string& value, const Type& type) {
  switch (type.id) {
    case TypeId::boolean:
      return fmt::format("CASE {0} WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE CAST({0} AS CHAR) END", value);
    case TypeId::real:  // MySQL writes six digits; where those are not enough, the number's in double precision are
      return fmt::format("CASE WHEN CAST(CAST({0} AS CHAR) AS FLOAT) = {0} THEN CAST({0} AS CHAR) ELSE CAST({0} + 0e0 AS CHAR) END", value);
    case TypeId::time:
      return short_time(value, "TIME(6)");
    case TypeId::timestamp:
      return short_time(value, "DATETIME(6)");
    case TypeId::timestamp_tz:
      return fmt::format("CONCAT({}, '+00')", short_time(value, "DATETIME(6)"));
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::double_:
    case TypeId::decimal:
    case TypeId::date:
      return fmt::format("CAST({} AS CHAR)", value);
    default:
      return value;
  }
}

std::string as_json(const std::string& value, const Type& from) {
  if (from.id == TypeId::json || from.id == TypeId::list || from.id == TypeId::null) return value;
  const std::string text = text_of_value(value, from);
  return from.id == TypeId::boolean || is_number(from) ? text : fmt::format("JSON_QUOTE({})", text);
}

// A time with its offset from UTC: 2026-11-24T07:05:09.123456+05:30, -0800, +05, Z.
std::string as_utc(const std::string& text) {
  constexpr std::string_view kZone = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)$";
  const std::string zone = fmt::format("REGEXP_SUBSTR({}, '{}')", text, kZone);
  const std::string digits = fmt::format("RPAD(REPLACE(SUBSTRING({}, 2), ':', ''), 4, '0')", zone);
  const std::string minutes =
      fmt::format("CASE LEFT({0}, 1) WHEN 'Z' THEN 0 WHEN '-' THEN -1 ELSE 1 END * (LEFT({1}, 2) * 60 + RIGHT({1}, 2))", zone, digits);
  return fmt::format("CAST(REGEXP_REPLACE({}, '{}', '') AS DATETIME(6)) - INTERVAL ({}) MINUTE", text, kZone, minutes);
}

// Whether a JSON string has half of a surrogate pair.
std::string has_half_pair(const std::string& json) {
  return fmt::format(
      R"((LOCATE('\u', {0}) > 0 AND REGEXP_REPLACE(REPLACE({0}, '\\', ''), '\\u[dD][89abAB][0-9a-fA-F]{{2}}\\u[dD][c-fC-F][0-9a-fA-F]{{2}}', '') REGEXP '\\u[dD][89a-fA-F]'))",
      json);
}

// Text of digits as a number of a type that has fewer than 65 of them.
std::string whole_number(const std::string& text, TypeId id) {
  const Bounds bounds = bounds_of(id);
  return fmt::format("LENGTH({0}) <= 20 AND CAST({0} AS DECIMAL(65,0)) BETWEEN {1} AND {2} THEN CAST({0} AS SIGNED)", text, bounds.lowest,
                     bounds.highest);
}

std::string decimal_number(const std::string& text, const Type& to) {
  return fmt::format("LENGTH({0}) <= 60 AND ABS(CAST({0} AS DECIMAL(65,{2}))) < 1{3:0>{4}} THEN CAST({0} AS DECIMAL({1},{2}))", text,
                     to.precision, to.scale, "", to.precision - to.scale);
}

// A number is in range when its whole digits and its exponent together are no more than 308 (38 for REAL). What is too near to 0 would be 0, or
// have fewer digits.
std::string floating_number(const std::string& text, const Type& to) {
  const std::string type = to.id == TypeId::real ? "FLOAT" : "DOUBLE";
  const std::string mantissa = fmt::format("SUBSTRING_INDEX(LOWER({}), 'e', 1)", text);
  return fmt::format(
      "LENGTH(SUBSTRING_INDEX(TRIM(LEADING '-' FROM {1}), '.', 1)) + CAST(REGEXP_SUBSTR(CONCAT(LOWER({0}), 'e0'), '(?<=e)[-+]?[0-9]+') AS "
      "SIGNED) <= {2} AND (LENGTH(REGEXP_REPLACE(REGEXP_REPLACE({1}, '^[-0.]+', ''), '[^0-9]', '')) <= {3} OR CAST(CAST({0} AS {4}) AS CHAR) "
      "= {0}) AND (ABS(CAST({0} AS {4})) >= {5} OR {1} NOT REGEXP '[1-9]' OR CAST(CAST({0} AS {4}) AS CHAR) = {0}) THEN CAST({0} AS {4})",
      text, mantissa, to.id == TypeId::real ? 38 : 308, to.id == TypeId::real ? 6 : 15, type,
      least_whole(to));
}

}  // namespace

std::string mysql_converted(const std::string& value, const Type& from, const Type& to) {
  if (to.native) return from.id == TypeId::boolean ? value : text_of_value(value, from);
  switch (to.id) {
    case TypeId::varchar:
      return text_of_value(value, from);
    case TypeId::json:
      return as_json(value, from);
    case TypeId::real:
      return fmt::format("CAST({} AS FLOAT)", value);
    case TypeId::double_:
      return fmt::format("CAST({} AS DOUBLE)", value);
    case TypeId::decimal:
      return fmt::format("CAST({} AS DECIMAL({},{}))", value, to.precision, to.scale);
    case TypeId::timestamp:
      return from.id == TypeId::date ? fmt::format("CAST({} AS DATETIME(6))", value) : value;
    default:
      return value;
  }
}

std::string mysql_try_converted(const std::string& value, const Type& from, const Type& to) {
  if (is_integer(to)) {
    const Bounds bounds = bounds_of(to.id);
    if (is_float(from)) {
      return fmt::format("CASE WHEN {0} >= {1}e0 AND {0} < -{1}e0 THEN CAST({0} AS SIGNED) END", value, bounds.lowest);
    }
    return fmt::format("CASE WHEN {0} BETWEEN {1} AND {2} THEN CAST({0} AS SIGNED) END", value, bounds.lowest, bounds.highest);
  }
  if (to.id == TypeId::decimal) {
    return fmt::format("CASE WHEN ABS({0}) < 1{3:0>{4}} THEN CAST({0} AS DECIMAL({1},{2})) END", value, to.precision, to.scale, "",
                       to.precision - to.scale);
  }
  if (to.id == TypeId::real) return fmt::format("CASE WHEN ABS({0}) <= 3.4028234e38 THEN CAST({0} AS FLOAT) END", value);
  if (to.id == TypeId::date) return fmt::format("CAST({} AS DATE)", value);
  return mysql_converted(value, from, to);
}

std::string mysql_fitted_text(const std::string& text, const Type& to) {
  const std::string pattern = text_pattern(to);
  if (pattern.empty() || to.native) return "NULL";
  const auto when = [&](const std::string& rest) { return fmt::format("CASE WHEN {} REGEXP '^({})\\z' AND {} END", text, pattern, rest); };
  const auto there = [&](const std::string& value, std::string_view condition) {
    return fmt::format("CASE WHEN {0} REGEXP '^({1})\\z' THEN CASE WHEN {2} {3} THEN {2} END END", text, pattern, value, condition);
  };
  switch (to.id) {
    case TypeId::boolean:
      return fmt::format("CASE CAST({} AS BINARY) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END", text);
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
      return when(whole_number(text, to.id));
    case TypeId::decimal:
      return when(decimal_number(text, to));
    case TypeId::real:
    case TypeId::double_:
      return when(floating_number(text, to));
    case TypeId::date:
      return there(fmt::format("CAST({} AS DATE)", text), ">= '0001-01-01'");
    case TypeId::time:
      return there(fmt::format("CAST({} AS TIME(6))", text), "<= '24:00:00'");
    case TypeId::timestamp:
      return there(fmt::format("CAST({} AS DATETIME(6))", text), ">= '0001-01-01'");
    case TypeId::timestamp_tz:
      return there("(" + as_utc(text) + ")", ">= '0001-01-01'");
    case TypeId::uuid:
      return fmt::format("CASE WHEN {0} REGEXP '^({1})\\z' THEN LOWER({0}) END", text, pattern);
    default:
      return text;
  }
}

std::string mysql_decoded_json(const std::string& json) {
  return fmt::format(
      R"(CASE WHEN {0} = 'null' THEN NULL WHEN LEFT({0}, 1) = '"' THEN CASE WHEN {1} THEN SUBSTRING({0}, 2, CHAR_LENGTH({0}) - 2) ELSE JSON_UNQUOTE({0}) END ELSE {0} END)",
      json, has_half_pair(json));
}

std::string mysql_decoded(const std::string& json, const Type& type) {
  switch (type.id) {
    case TypeId::json:
      return "";
    case TypeId::boolean:
      return fmt::format("CASE {0} WHEN 'true' THEN 1 WHEN 'false' THEN 0 WHEN 'null' THEN NULL ELSE {0} END", json);
    case TypeId::timestamp_tz:
      return as_utc("(" + mysql_decoded_json(json) + ")");
    case TypeId::null:
    case TypeId::varchar:
    case TypeId::blob:
    case TypeId::date:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::uuid:
    case TypeId::interval:
      return mysql_decoded_json(json);
    default:
      return fmt::format("NULLIF({}, 'null')", json);
  }
}

}  // namespace ingestr::database
