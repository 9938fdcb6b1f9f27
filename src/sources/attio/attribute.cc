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
#include "sources/attio/answer.h"

namespace ingestr::attio {
namespace {

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

// An attribute's array of values. On demand, so that numbers keep their digits and one that fits no type of ours
// disturbs nobody but who asks for it.
class ValueList {
 public:
  // False when the text is no array.
  bool parse(std::string_view text) {
    const simdjson::padded_string_view padded(text, text.size() + simdjson::SIMDJSON_PADDING);
    return parser_.iterate(padded).get(document_) == simdjson::SUCCESS &&
           document_.count_elements().get(size_) == simdjson::SUCCESS;
  }
  size_t size() const { return size_; }

  // The member of a value that a part names; nothing when it is absent or null. Until the next call.
  std::optional<od::value> member(size_t index, const Part& part) {
    auto found = at(fmt::format("/{}{}", index, part.pointer));
    if (!found && part.suffix == "id") {
      // Attio's specification also knows `"status": "<id>"` and `"option": "<id>"`.
      found = at(fmt::format("/{}{}", index, part.pointer.substr(0, part.pointer.find('/', 1))));
      if (found && found->type() != od::json_type::string) return std::nullopt;
    }
    return found;
  }

 private:
  std::optional<od::value> at(const std::string& pointer) {
    od::value found;
    if (document_.at_pointer(pointer).get(found) != simdjson::SUCCESS) return std::nullopt;
    if (found.type() == od::json_type::null) return std::nullopt;
    return found;
  }

  od::parser parser_;
  od::document document_;
  size_t size_ = 0;
};

std::string as_text(od::value value) {
  std::string_view text;
  if (value.type() == od::json_type::string) {
    text = value.get_string(true);
  } else {
    text = trim(std::string_view(value.raw_json()));
  }
  return std::string(text);
}

std::optional<double> as_double(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::optional<int64_t> as_smallint(const std::string& text) {
  const std::optional<double> number = as_double(text);
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

  // The schema's names, and the one that the destination will add.
  static std::vector<std::string> taken_in(const Schema& schema) {
    std::vector<std::string> taken = schema.names();
    taken.emplace_back(kLoadTimestampColumn);
    return taken;
  }

  // First what carries an attribute's own slug, then what is named after one; both in the order of the columns.
  std::vector<std::string> choose_names(const Schema& taken_before) const {
    std::vector<std::string> taken = taken_in(taken_before);
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
          if ((wanted[at] == reading.attribute.slug) != own) continue;
          names[at] = free_name(wanted[at], taken);
          taken.push_back(names[at]);
        }
      }
    }
    return names;
  }

  // Attributes come in the same order in nearly every row.
  Reading& find(std::string_view slug, BatchBuilder& builder) {
    for (size_t i = 0; i < readings_.size(); ++i) {
      const size_t at = (next_ + i) % readings_.size();
      if (readings_[at].attribute.slug != slug) continue;
      next_ = at + 1;
      return readings_[at];
    }
    const size_t column = builder.add_column({free_name(slug, taken_in(builder.schema())), TypeId::json});
    readings_.push_back({{std::string(slug), "", false}, {}, {column}});
    return readings_.back();
  }

  void fill(const Reading& reading, std::string_view values, BatchBuilder& builder) {
    if (reading.parts.empty()) {
      if (values != "[]" && values != "null") builder.set_text(reading.columns[0], values);
      return;
    }
    if (values == "null") return;
    if (!list_.parse(values)) refuse(reading, values, "array of values");
    if (reading.attribute.multiple) return fill_lists(reading, builder);
    if (list_.size() > 1) refuse(reading, values, "single value, which Attio says the attribute has");
    for (size_t i = 0; i < reading.parts.size() && list_.size() == 1; ++i) {
      const auto found = list_.member(0, reading.parts[i]);
      if (found && !set(builder, reading.columns[i], reading.parts[i].type, *found)) {
        refuse(reading, values, to_string(reading.parts[i].type));
      }
    }
  }

  void fill_lists(const Reading& reading, BatchBuilder& builder) {
    for (size_t i = 0; i < reading.parts.size(); ++i) {
      std::vector<std::optional<std::string>> texts;
      for (size_t index = 0; index < list_.size(); ++index) {
        const auto found = list_.member(index, reading.parts[i]);
        texts.push_back(found ? std::optional(as_text(*found)) : std::nullopt);
      }
      builder.set_texts(reading.columns[i], texts);
    }
  }

  static bool set(BatchBuilder& builder, size_t column, const Type& type, od::value value) {
    const bool is_string = value.type() == od::json_type::string;
    const std::string text = as_text(value);
    switch (type.id) {
      case TypeId::varchar: builder.set_text(column, text); return true;
      case TypeId::boolean:
        if (is_string || (text != "true" && text != "false")) return false;
        builder.set_boolean(column, text == "true");
        return true;
      // Latitude and longitude are strings.
      case TypeId::double_: return set_if(as_double(text), [&](double number) { builder.set_double(column, number); });
      case TypeId::smallint:
        return set_if(as_smallint(text), [&](int64_t number) { builder.set_integer(column, number); });
      case TypeId::date:
        return is_string && set_if(parse_iso_date(text), [&](int32_t days) { builder.set_integer(column, days); });
      case TypeId::timestamp_tz: {
        const auto time = is_string ? parse_iso_timestamp(text) : std::nullopt;
        if (!time || !time->zoned) return false;
        builder.set_integer(column, time->micros);
        return true;
      }
      case TypeId::decimal: return !is_string && builder.set_decimal(column, text);
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
  ValueList list_;
};

}  // namespace

std::vector<Attribute> read_attributes(const Page& page) {
  std::vector<Attribute> attributes;
  for (const PageRow& row : page.rows) {
    const Attribute attribute{text_at(row, "/api_slug"), text_at(row, "/type"), raw_at(row, "/is_multiselect") == "true"};
    if (attribute.slug.empty() || attribute.type.empty()) {
      throw Error(ErrorKind::bad_data,
                  fmt::format("Attio sent an attribute without api_slug or type: {}", shorten(row.text, 200)));
    }
    attributes.push_back(attribute);
  }
  return attributes;
}

std::unique_ptr<JsonReader> make_attribute_reader(std::string key, std::vector<Attribute> attributes) {
  return std::make_unique<AttributeReader>(std::move(key), std::move(attributes));
}

}  // namespace ingestr::attio
