#include "data/json_rows.h"

#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "data/type_evidence.h"
#include "simdjson.h"

namespace ingestr {
namespace {

namespace od = simdjson::ondemand;

constexpr size_t kShownBytes = 80;  // of a value in an error

// One key of the row's object, with the columns that its value fills.
struct Key {
  std::string name;
  std::optional<size_t> column;
  std::vector<std::pair<std::string, size_t>> members;  // of a nested object: key, column
  std::optional<TypeEvidence> evidence;                  // inferred columns only
  JsonReader* reader = nullptr;
  bool ignored = false;
};

std::string_view raw(od::value value) { return trim(std::string_view(value.raw_json())); }

}  // namespace

class JsonRows::Reader {
 public:
  Reader(std::string place, std::vector<JsonField> fields, std::vector<std::string> reserved)
      : place_(std::move(place)), reserved_(std::move(reserved)), builder_(schema_of(fields)) {
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].path.empty()) {
        outside_.emplace_back(fields[i].column.name, i);
        continue;
      }
      Key& key = declare(fields[i].path.front());
      if (fields[i].path.size() == 1) {
        key.column = i;
      } else {
        key.members.emplace_back(fields[i].path[1], i);
      }
    }
  }

  void add_reader(std::unique_ptr<JsonReader> reader) {
    reader->declare(builder_);
    declare(std::string(reader->key())).reader = reader.get();
    readers_.push_back(std::move(reader));
  }

  void keep_whole_row_in(std::string_view column) { whole_row_ = builder_.schema().find(column); }

  void add(std::string_view object, const OutsideTexts& outside) {
    ++row_;
    if (whole_row_) builder_.set_text(*whole_row_, object);
    for (const auto& [name, text] : outside) {
      for (const auto& [column, at] : outside_) {
        if (column == name) builder_.set_text(at, text);
      }
    }
    try {
      od::document document =
          parser_.iterate(simdjson::padded_string_view(object, object.size() + simdjson::SIMDJSON_PADDING));
      for (od::field field : od::object(document.get_object())) {
        read(find(std::string_view(field.unescaped_key(true))), field.value());
      }
    } catch (const simdjson::simdjson_error& error) {
      throw Error(ErrorKind::bad_data, fmt::format("{}: row {} is not a readable JSON object ({}): {}", place_, row_,
                                                   error.what(), shorten(object, kShownBytes)));
    }
    builder_.end_row();
  }

  BatchBuilder& builder() { return builder_; }

 private:
  Key& declare(const std::string& name) {
    for (Key& key : keys_) {
      if (key.name == name) return key;
    }
    keys_.emplace_back().name = name;
    return keys_.back();
  }

  // Keys come in the same order in nearly every row, so the search starts where the last one ended.
  Key& find(std::string_view name) {
    for (size_t i = 0; i < keys_.size(); ++i) {
      const size_t at = (next_ + i) % keys_.size();
      if (keys_[at].name == name) {
        next_ = at + 1;
        return keys_[at];
      }
    }
    Key& key = declare(std::string(name));
    key.ignored = whole_row_.has_value();
    if (key.ignored) return key;
    std::vector<std::string> taken = builder_.schema().names();
    taken.insert(taken.end(), reserved_.begin(), reserved_.end());
    key.column = builder_.add_column({free_name(name.empty() ? "_" : name, taken), TypeId::null, true});
    key.evidence.emplace();
    return key;
  }

  void read(Key& key, od::value value) {
    if (key.ignored) return;
    if (key.evidence) return infer(key, value);
    if (key.reader != nullptr) {
      const std::string_view text = raw(value);
      if (key.column && text != "null") builder_.set_text(*key.column, text);
      return key.reader->read(text, builder_);
    }
    if (!key.members.empty() && value.type() == od::json_type::object) {
      od::object object = value.get_object();
      for (od::field field : object) {
        const std::string_view name = field.unescaped_key(true);
        for (const auto& [member, column] : key.members) {
          if (member == name) {
            convert(column, field.value());
            break;
          }
        }
      }
      object.reset();
      if (key.column) builder_.set_text(*key.column, trim(std::string_view(object.raw_json())));
      return;
    }
    if (key.column) convert(*key.column, value);
  }

  void convert(size_t column, od::value value) {
    const TypeId type = builder_.schema().columns[column].type.id;
    if (value.is_null()) return;
    switch (type) {
      case TypeId::json: return builder_.set_text(column, raw(value));
      case TypeId::varchar:
        if (value.type() == od::json_type::string) return builder_.set_text(column, value.get_string(true));
        return builder_.set_text(column, raw(value));
      case TypeId::boolean:
        if (value.type() == od::json_type::boolean) return builder_.set_boolean(column, value.get_bool());
        break;
      case TypeId::bigint:
        if (int64_t number = 0; value.get_int64().get(number) == simdjson::SUCCESS) {
          return builder_.set_integer(column, number);
        }
        break;
      case TypeId::double_:
        if (double number = 0; value.get_double().get(number) == simdjson::SUCCESS) {
          return builder_.set_double(column, number);
        }
        break;
      case TypeId::timestamp_tz:
        if (value.type() == od::json_type::string) {
          const std::string_view text = value.get_string(true);
          if (const auto time = parse_iso_timestamp(text); time && time->zoned) {
            return builder_.set_integer(column, time->micros);
          }
          return refuse(column, text);
        }
        break;
      default:
        throw Error(ErrorKind::internal, fmt::format("no JSON value can be read as {}",
                                                     to_string(builder_.schema().columns[column].type)));
    }
    refuse(column, raw(value));
  }

  void infer(Key& key, od::value value) {
    switch (value.type()) {
      case od::json_type::null:
        if (value.is_null()) return;
        break;
      case od::json_type::boolean: key.evidence->see_boolean(); break;
      case od::json_type::number: key.evidence->see_number(trim(value.raw_json_token())); break;
      case od::json_type::string:
        // get_string() takes the value off the document, so its text comes first.
        builder_.set_text(*key.column, trim(value.raw_json_token()));
        key.evidence->see_string(value.get_string(true));
        return builder_.set_inferred_type(*key.column, key.evidence->type());
      case od::json_type::object:
      case od::json_type::array: key.evidence->see_nested(); break;
      default: break;
    }
    builder_.set_text(*key.column, raw(value));
    builder_.set_inferred_type(*key.column, key.evidence->type());
  }

  [[noreturn]] void refuse(size_t column, std::string_view value) const {
    const Column& target = builder_.schema().columns[column];
    throw Error(ErrorKind::bad_data, fmt::format("{}: row {}, column {}: the value {} is no {}", place_, row_, target.name,
                                                 shorten(value, kShownBytes), to_string(target.type)));
  }

  std::string place_;
  std::vector<std::string> reserved_;
  BatchBuilder builder_;
  std::vector<Key> keys_;
  std::vector<std::pair<std::string, size_t>> outside_;  // name, column
  std::vector<std::unique_ptr<JsonReader>> readers_;
  std::optional<size_t> whole_row_;
  size_t next_ = 0;
  uint64_t row_ = 0;
  od::parser parser_;
};

JsonRows::JsonRows(std::string place, std::vector<JsonField> fields, std::vector<std::string> reserved)
    : reader_(std::make_unique<Reader>(std::move(place), std::move(fields), std::move(reserved))) {}
JsonRows::~JsonRows() = default;

void JsonRows::add_reader(std::unique_ptr<JsonReader> reader) { reader_->add_reader(std::move(reader)); }
void JsonRows::keep_whole_row_in(std::string_view column) { reader_->keep_whole_row_in(column); }
void JsonRows::add(std::string_view object, const OutsideTexts& outside) { reader_->add(object, outside); }
const Schema& JsonRows::schema() const { return reader_->builder().schema(); }
int64_t JsonRows::rows() const { return reader_->builder().rows(); }
uint64_t JsonRows::bytes() const { return reader_->builder().bytes(); }
Batch JsonRows::take() { return reader_->builder().take(); }

Schema schema_of(const std::vector<JsonField>& fields) {
  Schema schema;
  for (const JsonField& field : fields) schema.columns.push_back(field.column);
  return schema;
}

}  // namespace ingestr
