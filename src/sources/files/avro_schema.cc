#include "sources/files/avro_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "duck/text.h"

namespace ingestr::files {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kAvroDecimal = "_ingestr_avro_decimal";
constexpr unsigned kMostDigits = 38;  // of a DECIMAL
constexpr int kDeepestAvro = 100;
struct LogicalType {
  std::string_view name;
  std::string_view of;  // the type that it stands on; empty: of more than one, and the engine knows them
};

// Those that the engine reads; any other ends it, and so does any of these on another type.
constexpr LogicalType kAvroLogicalTypes[] = {
    {"decimal", ""}, {"uuid", ""}, {"date", "int"}, {"time-millis", "int"}, {"time-micros", "long"}, {"timestamp-millis", "long"},
    {"timestamp-micros", "long"}, {"timestamp-nanos", "long"}, {"local-timestamp-millis", "long"},
};

// ---- what is in a type

// From the value that the engine gives to the one that is meant, as SQL.
using AvroMeaning = std::function<std::string(const std::string& sql)>;

struct AvroType {
  AvroMeaning meaning{};           // nothing: they are the same
  bool changes_the_value = false;  // a decimal is in it: without its meaning it is another value
};

std::string with_meaning(const AvroType& type, const std::string& sql) { return type.meaning ? type.meaning(sql) : sql; }

// What one is called at that depth: one may stand within another.
std::string lambda_name(int depth) { return fmt::format("v{}", depth); }

std::string text_of(dom::element object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

// Reads the types of one column.
class AvroTypes {
 public:
  void begin_column(std::string name) { column_ = std::move(name); }

  // `space` is the namespace that a name without one is in.
  AvroType of(dom::element type, const std::string& space, int depth) {
    if (depth > kDeepestAvro) refuse("is nested too deep");
    if (type.is_array()) return of_union(type.get_array().value(), space, depth);
    if (type.is_string()) return named(std::string(type.get_string().value()), space);
    if (!type.is_object()) return {};
    dom::element inner;
    if (type["type"].get(inner) == simdjson::SUCCESS && !inner.is_string()) return of(inner, space, depth + 1);
    const std::string kind = text_of(type, "type"), logical = text_of(type, "logicalType");
    if (!logical.empty()) check_logical(kind, logical);
    if (kind == "record" || kind == "error") return of_record(type, space, depth);
    if (kind == "array" && type["items"].get(inner) == simdjson::SUCCESS) return of_array(inner, space, depth);
    if (kind == "map" && type["values"].get(inner) == simdjson::SUCCESS) return of_map(inner, space, depth);
    AvroType found = of_logical(type, kind, logical);
    if (kind == "fixed" || kind == "enum") types_[full_name(type, space)] = found;
    return found;
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const {
    throw Error(ErrorKind::bad_data, fmt::format("column {} {}", shorten(column_, 60), what));
  }

  void check_logical(std::string_view kind, std::string_view logical) const {
    const auto* known = std::ranges::find(kAvroLogicalTypes, logical, &LogicalType::name);
    if (known == std::end(kAvroLogicalTypes)) {
      refuse(fmt::format("has the logical type {}, which cannot be read; write it as {}", shorten(logical, 60),
                         logical.find("timestamp") == std::string::npos ? "one that is, or as its plain type" : "timestamp-micros"));
    }
    if (known->of.empty() || known->of == kind) return;
    refuse(fmt::format("has the logical type {} on the type {}, which cannot be read; write it on {}, where Avro has it", logical, shorten(kind, 60),
                       known->of));
  }

  static std::string full_name(dom::element type, const std::string& space) {
    const std::string name = text_of(type, "name"), own = text_of(type, "namespace");
    if (name.find('.') != std::string::npos) return name;
    const std::string& in = own.empty() ? space : own;
    return in.empty() ? name : in + "." + name;
  }

  // Those of Avro itself, and what is being read just now, mean nothing more.
  AvroType named(const std::string& name, const std::string& space) const {
    const auto found = types_.find(name.find('.') == std::string::npos && !space.empty() ? space + "." + name : name);
    return found == types_.end() ? AvroType{} : found->second;
  }

  AvroType of_logical(dom::element type, std::string_view kind, std::string_view logical) const {
    if ((logical == "timestamp-millis" || logical == "timestamp-micros") && kind == "long") {
      return {[](const std::string& sql) { return fmt::format("CAST({} AS TIMESTAMPTZ)", sql); }};
    }
    if (logical != "decimal") return {};
    uint64_t precision = 0, scale = 0;
    if (type["precision"].get(precision) != simdjson::SUCCESS) return {};
    if (type["scale"].get(scale) != simdjson::SUCCESS) scale = 0;
    if (kind == "fixed" && precision > kMostDigits) {
      refuse(fmt::format("is a decimal of {} digits in a fixed type, and no more than {} can be read; write it as bytes", precision, kMostDigits));
    }
    if (kind != "bytes") return {};
    const std::string result = precision <= kMostDigits ? fmt::format("DECIMAL({},{})", precision, scale) : "VARCHAR";
    return {[=](const std::string& sql) { return fmt::format("CAST({}('{}:' || hex({})) AS {})", kAvroDecimal, scale, sql, result); }, true};
  }

  AvroType of_array(dom::element items, const std::string& space, int depth) {
    const AvroType item = of(items, space, depth + 1);
    if (!item.meaning) return {};
    return {[=](const std::string& sql) {
              const std::string each = lambda_name(depth);
              return fmt::format("list_transform({}, lambda {}: {})", sql, each, with_meaning(item, each));
            },
            item.changes_the_value};
  }

  AvroType of_map(dom::element values, const std::string& space, int depth) {
    const AvroType value = of(values, space, depth + 1);
    if (!value.meaning) return {};
    return {[=](const std::string& sql) {
              const std::string entry = lambda_name(depth);
              return fmt::format("map_from_entries(list_transform(map_entries({}), lambda {}: {{'key': {}.key, 'value': {}}}))", sql, entry, entry,
                                 with_meaning(value, entry + ".value"));
            },
            value.changes_the_value};
  }

  AvroType of_record(dom::element type, const std::string& space, int depth) {
    const std::string name = full_name(type, space);
    const size_t dot = name.rfind('.');
    const std::string inner_space = dot == std::string::npos ? "" : name.substr(0, dot);
    std::vector<std::pair<std::string, AvroType>> fields;
    dom::array list;
    if (type["fields"].get(list) != simdjson::SUCCESS) return {};
    bool means_more = false, changes = false;
    for (const dom::element field : list) {
      dom::element of_field;
      if (field["type"].get(of_field) != simdjson::SUCCESS) continue;
      fields.emplace_back(text_of(field, "name"), of(of_field, inner_space, depth + 1));
      means_more = means_more || fields.back().second.meaning;
      changes = changes || fields.back().second.changes_the_value;
    }
    AvroType record;
    if (means_more) {
      record = {[=](const std::string& sql) {
                  std::vector<std::string> values;
                  for (const auto& [field, of_field] : fields) {
                    const std::string quoted = duck::quote_name(field);
                    values.push_back(fmt::format("{} := {}", quoted, with_meaning(of_field, fmt::format("({}).{}", sql, quoted))));
                  }
                  return fmt::format("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", sql, fmt::join(values, ", "));
                },
                changes};
    }
    return types_[name] = record;
  }

  // With null it is its other type, else it has one of several, which the engine gives as they are.
  AvroType of_union(dom::array branches, const std::string& space, int depth) {
    std::vector<AvroType> types;
    for (const dom::element branch : branches) {
      if (branch.is_string() && branch.get_string().value() == "null") continue;
      types.push_back(of(branch, space, depth + 1));
    }
    if (types.size() == 1) return types.front();
    if (std::ranges::any_of(types, &AvroType::changes_the_value)) refuse("has a decimal or other values, which cannot be read; write it as a type of its own");
    return {};
  }

  std::string column_;
  std::map<std::string, AvroType> types_;  // by their full names
};

// ---- decimals

// The integer in big-endian two's complement, in hexadecimal digits, as decimal digits.
std::string integer_of_hex(std::string_view hex) {
  std::vector<uint8_t> bytes;
  for (size_t at = 0; at + 1 < hex.size(); at += 2) {
    uint8_t byte = 0;
    std::from_chars(hex.data() + at, hex.data() + at + 2, byte, 16);
    bytes.push_back(byte);
  }
  const bool is_negative = !bytes.empty() && bytes.front() >= 0x80;
  if (is_negative) {
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(~byte);
    for (auto byte = bytes.rbegin(); byte != bytes.rend() && ++*byte == 0; ++byte) {
    }
  }
  std::vector<uint32_t> parts;  // of nine digits, the last first
  for (const uint8_t byte : bytes) {
    uint64_t carry = byte;
    for (uint32_t& part : parts) {
      carry += static_cast<uint64_t>(part) << 8;
      part = static_cast<uint32_t>(carry % 1'000'000'000);
      carry /= 1'000'000'000;
    }
    if (carry > 0) parts.push_back(static_cast<uint32_t>(carry));
  }
  std::string digits = parts.empty() ? "0" : std::to_string(parts.back());
  for (size_t i = parts.size(); i-- > 1;) digits += fmt::format("{:09}", parts[i - 1]);
  return is_negative ? "-" + digits : digits;
}

// Of "2:FF6A": the scale, and the bytes.
std::string decimal_of_hex(std::string_view text) {
  size_t scale = 0;
  const char* const colon = std::from_chars(text.data(), text.data() + text.size(), scale).ptr;
  std::string digits = integer_of_hex({colon + 1, text.data() + text.size()});
  const size_t sign = digits.starts_with('-') ? 1 : 0;
  if (digits.size() - sign <= scale) digits.insert(sign, scale + 1 + sign - digits.size(), '0');
  if (scale > 0) digits.insert(digits.size() - scale, ".");
  return digits;
}

// The engine, which reads the file, cannot tell such columns apart.
void check_differs(const std::vector<std::string>& names, const std::string& name) {
  const auto same = std::ranges::find_if(names, [&](const std::string& one) { return equal_ignoring_case(one, name); });
  if (same == names.end()) return;
  throw Error(ErrorKind::bad_data, fmt::format("its fields {} and {} differ in nothing but case, and cannot be told apart; give one of them another "
                                               "name where the file is made",
                                               *same, name));
}

}  // namespace

std::string avro_columns(const std::string& schema) {
  dom::parser parser;
  dom::element root;
  dom::array fields;
  if (parser.parse(schema).get(root) != simdjson::SUCCESS || !root.is_object() || root["fields"].get(fields) != simdjson::SUCCESS) return "*";
  const std::string name = text_of(root, "name"), space = text_of(root, "namespace");
  const size_t dot = name.rfind('.');
  AvroTypes types;
  std::vector<std::string> values, names;
  for (const dom::element field : fields) {
    dom::element type;
    if (field["type"].get(type) != simdjson::SUCCESS) continue;
    const std::string column = text_of(field, "name"), quoted = duck::quote_name(column);
    check_differs(names, column);
    names.push_back(column);
    types.begin_column(column);
    const AvroType found = types.of(type, dot == std::string::npos ? space : name.substr(0, dot), 0);
    if (found.meaning) values.push_back(fmt::format("{} AS {}", found.meaning(quoted), quoted));
  }
  return values.empty() ? "*" : fmt::format("* REPLACE ({})", fmt::join(values, ", "));
}

duck::TextFunction avro_decimal_function() { return {std::string(kAvroDecimal), decimal_of_hex}; }

}  // namespace ingestr::files
