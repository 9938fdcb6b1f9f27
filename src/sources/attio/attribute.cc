#include "sources/attio/attribute.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "engine/strategy.h"
#include "simdjson.h"

namespace ingestr::attio {
namespace {

namespace dom = simdjson::dom;
namespace od = simdjson::ondemand;

// One column of an attribute type: what follows the slug in its name, where in a value it stands, what it is.
struct Part {
  std::string suffix;
  std::string pointer;  // RFC 6901
  Type type;
};

struct AttributeType {
  std::string name;
  std::vector<Part> parts;
};

Part text(const char* suffix, const char* pointer) { return {suffix, pointer, TypeId::varchar}; }

// Members as in Attio's documentation of attribute types.
const std::vector<AttributeType>& attribute_types() {
  static const std::vector<AttributeType> types = {
      {"text", {text("", "/value")}},
      {"email-address", {text("", "/email_address")}},
      {"domain", {text("", "/domain")}},
      {"phone-number", {text("", "/phone_number")}},
      {"number", {{"", "/value", TypeId::double_}}},
      {"checkbox", {{"", "/value", TypeId::boolean}}},
      {"currency", {{"", "/currency_value", Type::decimal(19, 4)}, text("currency_code", "/currency_code")}},
      {"date", {{"", "/value", TypeId::date}}},
      {"timestamp", {{"", "/value", TypeId::timestamp_tz}}},
      {"rating", {{"", "/value", TypeId::smallint}}},
      {"status", {text("", "/status/title"), text("id", "/status/id/status_id")}},
      {"select", {text("", "/option/title"), text("id", "/option/id/option_id")}},
      {"record-reference", {text("", "/target_record_id"), text("object", "/target_object")}},
      {"actor-reference", {text("", "/referenced_actor_id"), text("type", "/referenced_actor_type")}},
      {"location",
       {text("line_1", "/line_1"), text("line_2", "/line_2"), text("line_3", "/line_3"), text("line_4", "/line_4"),
        text("locality", "/locality"), text("region", "/region"), text("postcode", "/postcode"),
        text("country_code", "/country_code"), {"latitude", "/latitude", TypeId::double_},
        {"longitude", "/longitude", TypeId::double_}}},
      {"personal-name", {text("", "/full_name"), text("first_name", "/first_name"), text("last_name", "/last_name")}},
      {"interaction",
       {{"", "/interacted_at", TypeId::timestamp_tz}, text("type", "/interaction_type"),
        text("owner_type", "/owner_actor/type"), text("owner_id", "/owner_actor/id")}},
  };
  return types;
}

// The columns of an attribute; none: its values stay JSON.
std::vector<Part> parts_of(const Attribute& attribute) {
  for (const AttributeType& type : attribute_types()) {
    if (type.name != attribute.type) continue;
    const bool all_text = std::all_of(type.parts.begin(), type.parts.end(),
                                      [](const Part& part) { return part.type == TypeId::varchar; });
    if (attribute.multiple && !all_text) return {};
    return type.parts;
  }
  return {};
}

// The member of a value that a part names; nothing when it is absent or null.
std::optional<dom::element> member(dom::element value, const Part& part) {
  dom::element found;
  if (value.at_pointer(part.pointer).get(found) == simdjson::SUCCESS) {
    if (found.is_null()) return std::nullopt;
    return found;
  }
  // Attio's specification also knows `"status": "<id>"` and `"option": "<id>"`.
  const std::string outer = part.pointer.substr(0, part.pointer.find('/', 1));
  if (part.suffix == "id" && value.at_pointer(outer).get(found) == simdjson::SUCCESS && found.is_string()) return found;
  return std::nullopt;
}

std::string as_text(dom::element value) {
  std::string_view view;
  if (value.get_string().get(view) == simdjson::SUCCESS) return std::string(view);
  return simdjson::minify(value);
}

std::optional<double> as_double(dom::element value) {
  double number = 0;
  if (value.get_double().get(number) == simdjson::SUCCESS) return number;
  std::string_view digits;  // latitude and longitude are strings
  if (value.get_string().get(digits) != simdjson::SUCCESS) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<int64_t> as_smallint(dom::element value) {
  const std::optional<double> number = as_double(value);
  if (!number || std::trunc(*number) != *number || std::abs(*number) > 32767) return std::nullopt;
  return static_cast<int64_t>(*number);
}

class AttributeReader final : public JsonReader {
 public:
  AttributeReader(std::string key, std::vector<Attribute> attributes) : key_(std::move(key)) {
    for (Attribute& attribute : attributes) {
      std::vector<Part> parts = parts_of(attribute);
      readings_.push_back({std::move(attribute), std::move(parts), {}});
    }
  }

  std::string_view key() const override { return key_; }

  void declare(BatchBuilder& builder) override {
    const std::vector<std::string> names = choose_names(builder.schema());
    size_t next = 0;
    for (Reading& reading : readings_) {
      if (reading.parts.empty()) reading.columns.push_back(builder.add_column({names[next++], TypeId::json}));
      for (const Part& part : reading.parts) {
        const Type type = reading.attribute.multiple ? Type::list_of(part.type) : part.type;
        reading.columns.push_back(builder.add_column({names[next++], type}));
      }
    }
  }

  void read(std::string_view value, BatchBuilder& builder) override {
    if (value == "null") return;
    od::document document =
        parser_.iterate(simdjson::padded_string_view(value, value.size() + simdjson::SIMDJSON_PADDING));
    for (od::field field : od::object(document.get_object())) {
      Reading& reading = find(std::string_view(field.unescaped_key(true)), builder);
      fill(reading, trim(std::string_view(field.value().raw_json())), builder);
    }
  }

 private:
  struct Reading {
    Attribute attribute;
    std::vector<Part> parts;      // empty: one JSON column
    std::vector<size_t> columns;  // one a part
  };

  // First what carries an attribute's own slug, then what is named after one; both in the order of the columns.
  std::vector<std::string> choose_names(const Schema& taken_before) const {
    std::vector<std::string> taken = {std::string(kLoadTimestampColumn)};
    for (const Column& column : taken_before.columns) taken.push_back(column.name);
    std::vector<std::string> wanted;
    for (const Reading& reading : readings_) {
      if (reading.parts.empty()) wanted.push_back(reading.attribute.slug);
      for (const Part& part : reading.parts) {
        wanted.push_back(part.suffix.empty() ? reading.attribute.slug : reading.attribute.slug + "_" + part.suffix);
      }
    }
    std::vector<std::string> names(wanted.size());
    for (const bool own : {true, false}) {
      size_t at = 0;
      for (const Reading& reading : readings_) {
        for (size_t i = 0; i < std::max<size_t>(1, reading.parts.size()); ++i, ++at) {
          if ((wanted[at] == reading.attribute.slug) == own) names[at] = take_name(wanted[at], taken);
        }
      }
    }
    return names;
  }

  static std::string take_name(const std::string& wanted, std::vector<std::string>& taken) {
    std::string name = wanted;
    const auto same = [&](const std::string& other) { return equal_ignoring_case(name, other); };
    for (int i = 2; std::any_of(taken.begin(), taken.end(), same); ++i) name = fmt::format("{}_{}", wanted, i);
    taken.push_back(name);
    return name;
  }

  // Attributes come in the same order in nearly every row.
  Reading& find(std::string_view slug, BatchBuilder& builder) {
    for (size_t i = 0; i < readings_.size(); ++i) {
      const size_t at = (next_ + i) % readings_.size();
      if (readings_[at].attribute.slug != slug) continue;
      next_ = at + 1;
      return readings_[at];
    }
    std::vector<std::string> taken = {std::string(kLoadTimestampColumn)};
    for (const Column& column : builder.schema().columns) taken.push_back(column.name);
    const size_t column = builder.add_column({take_name(std::string(slug), taken), TypeId::json});
    readings_.push_back({{std::string(slug), "", false}, {}, {column}});
    return readings_.back();
  }

  void fill(const Reading& reading, std::string_view values, BatchBuilder& builder) {
    if (reading.parts.empty()) {
      if (values != "[]" && values != "null") builder.set_text(reading.columns[0], values);
      return;
    }
    dom::element parsed;
    dom::array array;
    // The text stands in front of other text, so that no copy is needed.
    if (values_parser_.parse(values.data(), values.size(), false).get(parsed) != simdjson::SUCCESS ||
        parsed.get_array().get(array) != simdjson::SUCCESS) {
      if (values != "null") refuse(reading, values, "array of values");
      return;
    }
    if (reading.attribute.multiple) return fill_lists(reading, array, builder);
    if (array.size() == 0) return;
    if (array.size() > 1) refuse(reading, values, "single value, which Attio says the attribute has");
    for (size_t i = 0; i < reading.parts.size(); ++i) {
      const auto found = member(array.at(0).value(), reading.parts[i]);
      if (found && !set(builder, reading.columns[i], reading.parts[i].type, *found)) {
        refuse(reading, values, to_string(reading.parts[i].type));
      }
    }
  }

  static void fill_lists(const Reading& reading, dom::array array, BatchBuilder& builder) {
    for (size_t i = 0; i < reading.parts.size(); ++i) {
      std::vector<std::optional<std::string>> texts;
      for (dom::element value : array) {
        const auto found = member(value, reading.parts[i]);
        texts.push_back(found ? std::optional(as_text(*found)) : std::nullopt);
      }
      builder.set_texts(reading.columns[i], texts);
    }
  }

  static bool set(BatchBuilder& builder, size_t column, const Type& type, dom::element value) {
    std::string_view text_value;
    const bool is_text = value.get_string().get(text_value) == simdjson::SUCCESS;
    switch (type.id) {
      case TypeId::varchar: builder.set_text(column, as_text(value)); return true;
      case TypeId::boolean: {
        bool flag = false;
        if (value.get_bool().get(flag) != simdjson::SUCCESS) return false;
        builder.set_boolean(column, flag);
        return true;
      }
      case TypeId::double_: return set_if(as_double(value), [&](double number) { builder.set_double(column, number); });
      case TypeId::smallint:
        return set_if(as_smallint(value), [&](int64_t number) { builder.set_integer(column, number); });
      case TypeId::date:
        return is_text &&
               set_if(parse_iso_date(text_value), [&](int32_t days) { builder.set_integer(column, days); });
      case TypeId::timestamp_tz: {
        const auto time = is_text ? parse_iso_timestamp(text_value) : std::nullopt;
        if (!time || !time->zoned) return false;
        builder.set_integer(column, time->micros);
        return true;
      }
      case TypeId::decimal: return builder.set_decimal(column, simdjson::minify(value));
      default: return false;
    }
  }

  template <class Value, class Set>
  static bool set_if(const std::optional<Value>& value, Set set) {
    if (value) set(*value);
    return value.has_value();
  }

  [[noreturn]] void refuse(const Reading& reading, std::string_view values, std::string_view wanted) const {
    throw Error(ErrorKind::bad_data,
                fmt::format("attribute {} ({}): {} is no {}; load the table with values=json in --source-uri",
                            reading.attribute.slug, reading.attribute.type, shorten(values, 200), wanted));
  }

  const std::string key_;
  std::vector<Reading> readings_;
  size_t next_ = 0;
  od::parser parser_;
  dom::parser values_parser_;
};

}  // namespace

std::vector<Attribute> read_attributes(const Page& page) {
  std::vector<Attribute> attributes;
  dom::parser parser;
  for (const PageRow& row : page.rows) {
    dom::element element;
    std::string_view slug;
    std::string_view type;
    bool multiple = false;
    if (parser.parse(row.text.data(), row.text.size()).get(element) != simdjson::SUCCESS ||
        element["api_slug"].get(slug) != simdjson::SUCCESS || element["type"].get(type) != simdjson::SUCCESS ||
        element["is_multiselect"].get(multiple) != simdjson::SUCCESS) {
      throw Error(ErrorKind::bad_data,
                  fmt::format("Attio sent an attribute without api_slug, type or is_multiselect: {}", shorten(row.text, 200)));
    }
    attributes.push_back({std::string(slug), std::string(type), multiple});
  }
  return attributes;
}

std::unique_ptr<JsonReader> make_attribute_reader(std::string key, std::vector<Attribute> attributes) {
  return std::make_unique<AttributeReader>(std::move(key), std::move(attributes));
}

}  // namespace ingestr::attio
