#include "engine/column_stages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "duck/text.h"

namespace ingestr {
namespace {

constexpr int kShownCharacters = 60;  // of a value in an error

// Every character with the property White_Space of Unicode.
constexpr uint32_t kWhiteSpace[] = {0x09,   0x0A,   0x0B,   0x0C,   0x0D,   0x20,   0x85,   0xA0,   0x1680,
                                    0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
                                    0x2009, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};

std::string trimmed(const std::string& text) {
  std::vector<std::string> characters;
  for (const uint32_t c : kWhiteSpace) characters.push_back(fmt::format("chr({})", c));
  return fmt::format("trim({}, {})", text, fmt::join(characters, " || "));
}

// An empty or blank text is one among texts only.
std::string has_no_value(const duck::Value& value, const Type& to) {
  const std::string is_null = fmt::format("{} IS NULL", value.sql);
  const bool may_be_text = value.inferred || value.type.id == TypeId::varchar;
  const bool is_text = to.id == TypeId::varchar || to.id == TypeId::json || to.id == TypeId::blob;
  return !may_be_text || is_text ? is_null : fmt::format("({} OR {} = '')", is_null, trimmed(duck::text_of(value)));
}

}  // namespace

// "row 7, column amount: the value abc is no BIGINT"
std::string ColumnStages::misfit(const duck::Value& value, const std::string& wanted) const {
  const std::string& name = landed_.column.name;
  const std::string place = landed_.source == name ? name : fmt::format("{} ({} at the source)", name, landed_.source);
  const std::string text = duck::text_of(value);
  const std::string shown =
      is_masked_ ? "'that is masked'"
                 : fmt::format("left({0}, {1}) || CASE WHEN length({0}) > {1} THEN '…' ELSE '' END", text, kShownCharacters);
  return duck::raise(fmt::format("'row ' || {} || {} || {} || {}", ColumnPlan::kRowNumber,
                                 duck::quote_text(fmt::format(", column {}: the value ", place)), shown,
                                 duck::quote_text(fmt::format(" is no {}", wanted))));
}

void ColumnStages::add_cast(duck::Value& value, const Type& to, std::optional<uint32_t> most_length) {
  const bool is_there = !value.inferred && value.type == to;
  if (to.id == TypeId::json && value.inferred) {
    value.inferred = false;  // it travels as that
    value.type = to;
    return;
  }
  if (is_there && !most_length) {
    value.type = to;  // and no longer what the source calls it
    return;
  }
  const duck::Cast cast = duck::strict_cast(value, to);
  const std::string fits =
      most_length ? fmt::format("({}) AND length({}) <= {}", cast.fits, cast.value, *most_length) : cast.fits;
  const std::string wanted = most_length ? fmt::format("text of at most {} characters", *most_length) : to_string(to);
  landed_.stages.push_back(fmt::format("CASE WHEN {} THEN NULL WHEN {} THEN {} ELSE {} END", has_no_value(value, to), fits, cast.value,
                                       misfit(value, wanted)));
  value.type = to;
  value.inferred = false;
}

void ColumnStages::add_trim(const duck::Value& value) {
  if (!value.inferred) {
    if (value.type.id == TypeId::varchar) landed_.stages.push_back(trimmed(value.sql));
    return;
  }
  const std::string text = duck::text_of(value);
  landed_.stages.push_back(fmt::format(
      "CASE WHEN starts_with({0}::VARCHAR, '\"') AND json_valid({0}) AND {1} <> {2} THEN to_json({2}) ELSE {0} END", value.sql,
      text, trimmed(text)));
}

std::vector<duck::TextFunction> ColumnStages::add_mask(duck::Value& value, const Mask& mask) {
  MaskedValue masked = ingestr::masked(mask, value);
  const std::string hidden =
      masked.fits.empty() ? masked.value.sql
                          : fmt::format("CASE WHEN {} THEN {} ELSE {} END", masked.fits, masked.value.sql,
                                        misfit(value, fmt::format("{}, as the mask {} needs it", masked.wanted,
                                                                  to_string(mask.algorithm))));
  landed_.stages.push_back(fmt::format("CASE WHEN {} IS NULL THEN NULL ELSE {} END", value.sql, hidden));
  value.type = masked.value.type;
  value.type.source.reset();
  value.inferred = masked.value.inferred;
  return std::move(masked.needed);
}

}  // namespace ingestr
