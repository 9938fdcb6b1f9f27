#include "duck/values.h"

#include <fmt/format.h>

#include "base/error.h"
#include "duck/failure.h"
#include "duck/text.h"
#include "duck/text_values.h"

namespace ingestr::duck {
namespace {

constexpr std::string_view kIntegerForm = R"([+-]?[0-9]+(\.0*)?)";
constexpr std::string_view kNumberForm =
    R"([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|(?i)[+-]?(inf|infinity|nan))";
constexpr std::string_view kDateForm = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
constexpr std::string_view kTimeForm = R"([0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6}0*)?)?)";
constexpr std::string_view kZoneForm = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)?";
constexpr std::string_view kUuidForm = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

// DuckDB has a cast, of `meant`, but that takes more than is meant.
Cast of_form(const std::string& text, std::string_view pattern, const Type& to, const std::string& meant) {
  return {fmt::format("regexp_full_match({}, {}) AND TRY_CAST({} AS {}) IS NOT NULL", text, quote_text(pattern), meant, to_string(to)),
          fmt::format("CAST({} AS {})", meant, to_string(to))};
}

Cast of_form(const std::string& text, std::string_view pattern, const Type& to) { return of_form(text, pattern, to, text); }

Cast of_any_form(const std::string& text, const Type& to) {
  return {fmt::format("TRY_CAST({} AS {}) IS NOT NULL", text, to_string(to)),
          fmt::format("CAST({} AS {})", text, to_string(to))};
}

// Text becomes infinite when it is too big.
Cast to_float(const std::string& text, const Type& to) {
  Cast cast = of_form(text, kNumberForm, to);
  cast.fits += fmt::format(" AND (isfinite(CAST({0} AS {1})) OR NOT regexp_matches({0}, '^[+-]?[0-9.]'))", text, to_string(to));
  // AND does not say what comes first.
  cast.fits = fmt::format("CASE WHEN TRY_CAST({} AS {}) IS NULL THEN false ELSE {} END", text, to_string(to), cast.fits);
  return cast;
}

Cast to_timestamp(const std::string& text, const Type& to) {
  const std::string pattern = fmt::format("{}([ T]{}{})?", kDateForm, kTimeForm, kZoneForm);
  Cast cast = of_form(text, pattern, TypeId::timestamp_tz, with_seconds(text, to));
  if (to.id == TypeId::timestamp) cast.value = fmt::format("CAST({} AS TIMESTAMP)", cast.value);
  return cast;
}

Cast to_json(const Value& value) {
  if (value.inferred || value.type.id == TypeId::json) return {"true", value.sql};
  const std::string text = text_of(value);
  switch (value.type.id) {
    case TypeId::list:
    case TypeId::boolean:
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::real:
    case TypeId::double_:
    case TypeId::decimal:
    case TypeId::null:
    case TypeId::varchar:
      return {fmt::format("json_valid({})", text), fmt::format("CAST({} AS JSON)", text)};
    case TypeId::json:
    case TypeId::blob:
    case TypeId::date:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
    case TypeId::uuid:
    case TypeId::interval:
      break;
  }
  return {"true", fmt::format("to_json({})", text)};
}

}  // namespace

std::string with_seconds(const std::string& text, const Type& to) {
  if (to.id != TypeId::timestamp && to.id != TypeId::timestamp_tz) return text;
  return fmt::format("CASE WHEN strlen({0}) >= 16 AND substring({0}, 17, 1) IN ('', 'Z', '+', '-') THEN left({0}, 16) || ':00' || substring({0}, 17) ELSE {0} END", text);
}

std::string decoded_json(const std::string& json) {
  return fmt::format(
      "CASE WHEN {0}::VARCHAR = 'null' THEN NULL "
      "WHEN starts_with({0}::VARCHAR, '\"') "
      "THEN CASE WHEN json_valid({0}) THEN json_extract_string({0}, '$') "
      "ELSE substring({0}::VARCHAR, 2, length({0}::VARCHAR) - 2) END "
      "ELSE {0}::VARCHAR END",
      json);
}

std::string text_of(const Value& value) {
  if (value.inferred || value.type.id == TypeId::json) return fmt::format("({})", decoded_json(value.sql));
  switch (value.type.id) {
    case TypeId::varchar:
    case TypeId::null:
      return value.sql;
    case TypeId::list:
      return fmt::format("CAST({} AS VARCHAR)", to_json_sql(value.sql, value.type));
    default:
      return text_sql(value.sql, value.type);
  }
}

Cast strict_cast(const Value& value, const Type& to) {
  if (!value.inferred && value.type == to) return {"true", value.sql};
  const std::string text = text_of(value);
  switch (to.id) {
    case TypeId::null:
    case TypeId::varchar:
      return {"true", text};
    case TypeId::blob:
      return {"true", fmt::format("encode({})", text)};
    case TypeId::boolean:
    case TypeId::interval:
      return of_any_form(text, to);
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
      return of_form(text, kIntegerForm, to);
    case TypeId::decimal:
      return of_form(text, fmt::format(R"([+-]?[0-9]+(\.[0-9]{{0,{}}}0*)?)", to.scale), to);
    case TypeId::real:
    case TypeId::double_:
      return to_float(text, to);
    case TypeId::date:
      return of_form(text, kDateForm, to);
    case TypeId::time:
      return of_form(text, kTimeForm, to);
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
      return to_timestamp(text, to);
    case TypeId::uuid:
      return of_form(text, kUuidForm, to);
    case TypeId::json:
      return to_json(value);
    case TypeId::list:
      break;
  }
  throw Error(ErrorKind::internal, fmt::format("no value is cast to {}", to_string(to)));
}

std::string raise(const std::string& text) {
  return fmt::format("error({} || {})", quote_text(kRaised), text);
}

}  // namespace ingestr::duck
