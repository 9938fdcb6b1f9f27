#include "engine/column_override.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "base/quoted_name.h"
#include "base/suggest.h"
#include "base/text.h"

namespace ingestr {
namespace {

constexpr size_t kShownEntryBytes = 60;
constexpr uint8_t kDefaultScale = 9;

// Those without parameters. "int" and "integer" are 64 bits wide, so that no value of another program's int is too big.
constexpr std::array<std::pair<std::string_view, TypeId>, 34> kTypes = {{
    {"boolean", TypeId::boolean},         {"bool", TypeId::boolean},
    {"tinyint", TypeId::smallint},        {"int8", TypeId::smallint},
    {"smallint", TypeId::smallint},       {"int16", TypeId::smallint},
    {"int32", TypeId::integer},           {"integer", TypeId::bigint},
    {"int", TypeId::bigint},              {"int64", TypeId::bigint},
    {"bigint", TypeId::bigint},           {"long", TypeId::bigint},
    {"real", TypeId::real},               {"float", TypeId::real},
    {"float4", TypeId::real},             {"float32", TypeId::real},
    {"double", TypeId::double_},          {"float8", TypeId::double_},
    {"float64", TypeId::double_},         {"text", TypeId::varchar},
    {"string", TypeId::varchar},          {"blob", TypeId::blob},
    {"binary", TypeId::blob},             {"bytes", TypeId::blob},
    {"date", TypeId::date},               {"time", TypeId::time},
    {"timestamp", TypeId::timestamp_tz},  {"timestamptz", TypeId::timestamp_tz},
    {"datetime", TypeId::timestamp_tz},   {"timestamp_ntz", TypeId::timestamp},
    {"timestampntz", TypeId::timestamp},  {"uuid", TypeId::uuid},
    {"interval", TypeId::interval},       {"json", TypeId::json},
}};

std::optional<uint32_t> number(std::string_view text) {
  text = trim(text);
  uint32_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

[[noreturn]] void no_type(std::string_view text, std::string_view word) {
  std::vector<std::string> known = {"decimal", "numeric", "varchar", "jsonb"};
  for (const auto& [name, type] : kTypes) known.emplace_back(name);
  throw Error(ErrorKind::usage, fmt::format("there is no type \"{}\"; use for example text, bigint, double, decimal(18,2), "
                                            "boolean, date, timestamp or json{}",
                                            shorten(text, kShownEntryBytes), did_you_mean(word, known)));
}

Type decimal(std::string_view text, std::optional<std::string_view> parameters) {
  if (!parameters) return Type::decimal(kDecimalDigits, kDefaultScale);
  const std::vector<std::string> parts = split(*parameters, ',');
  const auto precision = number(parts[0]);
  const auto scale = parts.size() > 1 ? number(parts[1]) : 0U;
  if (parts.size() > 2 || !precision || !scale || *precision < 1 || *precision > kDecimalDigits || *scale > *precision) {
    throw Error(ErrorKind::usage, fmt::format("\"{}\" is no decimal type; write decimal(p,s) with 1 to 38 digits in all, s of "
                                              "them after the point",
                                              shorten(text, kShownEntryBytes)));
  }
  return Type::decimal(static_cast<uint8_t>(*precision), static_cast<uint8_t>(*scale));
}

// A name in quotes may begin an entry, or stand behind a colon.
std::vector<std::string_view> entries_of(std::string_view text) {
  std::vector<std::string_view> entries;
  size_t start = 0;
  int depth = 0;
  bool may_be_quoted = true;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (may_be_quoted) i += end_of_quoted_name(text.substr(i));
    const char c = i < text.size() ? text[i] : ',';
    if (c == '(') ++depth;
    if (c == ')') --depth;
    may_be_quoted = c == ':' || c == ',' || (may_be_quoted && c == ' ');
    if (i < text.size() && (c != ',' || depth > 0)) continue;
    if (const std::string_view entry = trim(text.substr(start, i - start)); !entry.empty()) entries.push_back(entry);
    start = i + 1;
  }
  return entries;
}

ColumnOverride parse_entry(std::string_view entry) {
  const std::vector<std::string_view> parts = split_names(entry, ':');
  ColumnOverride column;
  column.name = name_written(parts[0]);
  const std::string_view type = parts.size() > 1 ? parts[1] : std::string_view();
  // A name without quotes may have colons.
  if (parts.size() > 2) column.source = name_written(parts.size() == 3 ? parts[2] : entry.substr(static_cast<size_t>(parts[2].data() - entry.data())));
  if (column.name.empty() || (type.empty() && column.source.empty())) {
    throw Error(ErrorKind::usage, fmt::format("\"{}\" says nothing of a column; write name:type, name:type:source or "
                                              "name::source",
                                              shorten(entry, kShownEntryBytes)));
  }
  if (!type.empty()) column.type = within(column.name, [&] { return parse_column_type(type, column.most_length); });
  if (column.source.empty()) column.source = column.name;
  return column;
}

void check_distinct(const std::vector<ColumnOverride>& columns, std::string ColumnOverride::* member, std::string_view what) {
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      if (!equal_ignoring_case(columns[i].*member, columns[k].*member)) continue;
      throw Error(ErrorKind::usage, fmt::format("the {} {} is there twice; name it once", what, columns[i].*member));
    }
  }
}

}  // namespace

Type parse_column_type(std::string_view text, std::optional<uint32_t>& most_length) {
  const size_t open = text.find('(');
  const std::string word = to_lower(trim(text.substr(0, open)));
  std::optional<std::string_view> parameters;
  if (open != std::string_view::npos) {
    if (!text.ends_with(')')) no_type(text, word);
    parameters = text.substr(open + 1, text.size() - open - 2);
  }
  if (word == "decimal" || word == "numeric") return decimal(text, parameters);
  if (word == "varchar" || word == "text" || word == "string") {
    if (parameters) most_length = number(*parameters);
    if (parameters && most_length.value_or(0) == 0) no_type(text, word);
    return TypeId::varchar;
  }
  if (word == "jsonb" && !parameters) return TypeId::json;
  const auto* known = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& one) { return one.first == word; });
  if (known == kTypes.end() || parameters) no_type(text, word);
  return known->second;
}

std::optional<std::string> written_type(const Type& type) {
  if (type.native || type.id == TypeId::list || type.id == TypeId::null) return std::nullopt;
  if (type.id == TypeId::integer) return "int32";
  if (type.id == TypeId::bigint) return "bigint";
  if (type.id == TypeId::timestamp) return "timestamp_ntz";
  if (type.id == TypeId::varchar) return "text";
  return to_lower(to_string(type));
}

std::vector<ColumnOverride> parse_columns(std::string_view text) {
  std::vector<ColumnOverride> columns;
  for (const std::string_view entry : entries_of(text)) columns.push_back(parse_entry(entry));
  check_distinct(columns, &ColumnOverride::name, "column");
  check_distinct(columns, &ColumnOverride::source, "source column");
  return columns;
}

}  // namespace ingestr
