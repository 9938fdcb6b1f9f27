// The functions over lines of JSON.
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "data/type_evidence.h"
#include "duck/exact_sql.h"
#include "duck/failure.h"
#include "duck/functions.h"
#include "duck/text.h"
#include "duck/vectors.h"
#include "simdjson.h"

namespace ingestr::duck {
namespace {

namespace od = simdjson::ondemand;

enum class Kind { null, boolean, number, string, nested };

// The value of a key. The texts live until the next one is read.
struct JsonValue {
  Kind kind;
  std::string_view json;  // as it is written
  std::string_view text;  // of a string: its characters
};

bool is_blank(std::string_view line) { return trim(line).empty(); }

[[noreturn]] void refuse(std::string_view text) {
  throw Error(ErrorKind::bad_data, fmt::format("{} is no JSON value", shorten(text, kShownLineBytes)));
}

// `The JSON document ended early` of `INCOMPLETE: The JSON document ended early. This is a fatal error.`
std::string_view reason_of(std::string_view message) {
  if (const size_t colon = message.find(": "); colon != std::string_view::npos) message.remove_prefix(colon + 2);
  return trim(message.substr(0, message.find(". ")));
}

// For what begins as no other value does.
bool is_wrong_null(od::value& value) {
  bool null = false;
  return value.is_null().get(null) != simdjson::SUCCESS || !null;
}

// Of arrays and objects in each other: the stack has an end.
constexpr int kMostLevels = 1'000;

void check(od::value value, int level);

// Not part of check(), of which there may be as many calls in each other as there are levels.
[[gnu::noinline]] void check_scalar(od::value& value, od::json_type type) {
  switch (type) {
    case od::json_type::string: (void)std::string_view(value.get_string(true)); return;
    case od::json_type::boolean: (void)bool(value.get_bool()); return;
    case od::json_type::number: {
      const std::string_view text = trim(value.raw_json_token());
      if (!TypeEvidence::is_json_number(text)) refuse(text);
      (void)value.raw_json().value();
      return;
    }
    default:
      if (is_wrong_null(value)) refuse(trim(value.raw_json_token()));
  }
}

[[noreturn]] void refuse_level() {
  throw Error(ErrorKind::bad_data, fmt::format("a value has more than {} arrays and objects in each other, which cannot be read", kMostLevels));
}

[[gnu::noinline]] void check_key(od::field& field) { (void)std::string_view(field.unescaped_key(true)); }

[[gnu::noinline]] void check_fields(od::value& object, int level) {
  for (od::field field : object.get_object()) {
    check_key(field);
    check(field.value(), level + 1);
  }
}

// Reads every value to its last token, so that what is no JSON does not stay hidden in what nobody asks for.
void check(od::value value, int level) {
  const od::json_type type = value.type();
  if (type != od::json_type::object && type != od::json_type::array) return check_scalar(value, type);
  if (level > kMostLevels) refuse_level();
  if (type == od::json_type::object) return check_fields(value, level);
  for (od::value element : value.get_array()) check(element, level + 1);
}

template <class Container>
JsonValue nested(Container container) {
  container.reset();
  return {Kind::nested, trim(std::string_view(container.raw_json())), {}};
}

JsonValue read(od::value value) {
  switch (value.type()) {
    case od::json_type::object: {
      od::object object = value.get_object();
      for (od::field field : object) {
        check_key(field);
        check(field.value(), 2);
      }
      return nested(object);
    }
    case od::json_type::array: {
      od::array array = value.get_array();
      for (od::value element : array) check(element, 2);
      return nested(array);
    }
    case od::json_type::string: {
      const std::string_view json = trim(value.raw_json_token());
      std::string_view text;
      // Half of a surrogate pair, which no UTF-8 can hold, keeps its escape.
      if (value.get_string(false).get(text) != simdjson::SUCCESS) {
        (void)std::string_view(value.get_string(true));
        text = json.substr(1, json.size() - 2);
      }
      return {Kind::string, json, text};
    }
    case od::json_type::boolean: {
      const bool truth = value.get_bool();
      return {Kind::boolean, truth ? "true" : "false", {}};
    }
    case od::json_type::number: {
      const std::string_view text = trim(value.raw_json_token());
      if (!TypeEvidence::is_json_number(text)) refuse(text);
      return {Kind::number, text, {}};
    }
    default:
      if (is_wrong_null(value)) refuse(trim(value.raw_json_token()));
      return {Kind::null, "null", {}};
  }
}

// Reads lines, one at a time.
class Lines {
 public:
  // Calls `visit` for each key of the object in the line, in its order. Throws Error(bad_data) when the line is none.
  template <class Visit>
  void read_object(std::string_view line, Visit visit) {
    padded_.assign(line);
    padded_.reserve(line.size() + simdjson::SIMDJSON_PADDING);
    try {
      od::document document = parser_.iterate(padded_);
      for (od::field field : od::object(document.get_object())) {
        const std::string_view key = field.unescaped_key(true);
        visit(key, read(field.value()));
      }
      if (!document.at_end()) throw simdjson::simdjson_error(simdjson::TRAILING_CONTENT);
    } catch (const simdjson::simdjson_error& error) {
      throw Error(ErrorKind::bad_data,
                  fmt::format("no JSON object: {}: {}", reason_of(error.what()), shorten(line, kShownLineBytes)));
    }
  }

 private:
  od::parser parser_;
  std::string padded_;
};

// ---- the aggregate

struct Key {
  std::string name;
  TypeEvidence evidence;
};

// What the lines that one thread read say.
struct Evidence {
  Lines lines;
  std::vector<Key> keys;
  size_t next = 0;

  // Keys come in the same order in nearly every line, so the search starts where the last one ended.
  Key& key(std::string_view name) {
    for (size_t i = 0; i < keys.size(); ++i) {
      const size_t at = (next + i) % keys.size();
      if (keys[at].name != name) continue;
      next = at + 1;
      return keys[at];
    }
    return keys.emplace_back(Key{std::string(name), {}});
  }

  void see(std::string_view line) {
    if (is_blank(line)) return;
    lines.read_object(line, [&](std::string_view name, const JsonValue& value) {
      TypeEvidence& evidence = key(name).evidence;
      switch (value.kind) {
        case Kind::null: return;
        case Kind::boolean: return evidence.see_boolean();
        case Kind::number: return evidence.see_number(value.json);
        case Kind::string: return evidence.see_string(value.text);
        case Kind::nested: return evidence.see_nested();
      }
    });
  }
};

// DuckDB moves states about as bytes.
struct State {
  Evidence* evidence;
};

State& state_of(duckdb_aggregate_state state) { return *reinterpret_cast<State*>(state); }

idx_t state_size(duckdb_function_info) { return sizeof(State); }
void init(duckdb_function_info, duckdb_aggregate_state state) { state_of(state).evidence = nullptr; }
void destroy(duckdb_aggregate_state* states, idx_t count) {
  for (idx_t i = 0; i < count; ++i) {
    delete state_of(states[i]).evidence;
    state_of(states[i]).evidence = nullptr;
  }
}

Evidence& evidence_in(State& state) {
  if (state.evidence == nullptr) state.evidence = new Evidence;
  return *state.evidence;
}

void update(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state* states) {
  try {
    const Texts lines(duckdb_data_chunk_get_vector(input, 0));
    const idx_t rows = duckdb_data_chunk_get_size(input);
    for (idx_t row = 0; row < rows; ++row) {
      if (!lines.is_null(row)) evidence_in(state_of(states[row])).see(lines.at(row));
    }
  } catch (const std::exception& error) {
    duckdb_aggregate_function_set_error(info, raised_text(error).c_str());
  }
}

void combine(duckdb_function_info info, duckdb_aggregate_state* from, duckdb_aggregate_state* to, idx_t count) {
  try {
    for (idx_t i = 0; i < count; ++i) {
      if (state_of(from[i]).evidence == nullptr) continue;
      Evidence& target = evidence_in(state_of(to[i]));
      for (const Key& key : state_of(from[i]).evidence->keys) target.key(key.name).evidence.merge(key.evidence);
    }
  } catch (const std::exception& error) {
    duckdb_aggregate_function_set_error(info, raised_text(error).c_str());
  }
}

// Appends texts to the lists of a VARCHAR[] vector.
class Lists {
 public:
  explicit Lists(duckdb_vector lists)
      : lists_(lists), entries_(static_cast<duckdb_list_entry*>(duckdb_vector_get_data(lists))),
        size_(duckdb_list_vector_get_size(lists)) {}

  // Makes room for a list of so many texts, all NULL, in a row; returns the place of the first.
  idx_t add(idx_t row, idx_t count) {
    entries_[row] = {size_, count};
    duckdb_list_vector_reserve(lists_, size_ + count);
    size_ += count;
    duckdb_list_vector_set_size(lists_, size_);
    return size_ - count;
  }
  duckdb_vector texts() { return duckdb_list_vector_get_child(lists_); }

 private:
  duckdb_vector lists_;
  duckdb_list_entry* entries_;
  idx_t size_;
};

void finalize(duckdb_function_info info, duckdb_aggregate_state* states, duckdb_vector result, idx_t count, idx_t offset) {
  try {
    Lists lists(result);
    for (idx_t i = 0; i < count; ++i) {
      const Evidence* evidence = state_of(states[i]).evidence;
      const size_t keys = evidence == nullptr ? 0 : evidence->keys.size();
      idx_t at = lists.add(offset + i, 2 * keys);
      for (size_t k = 0; k < keys; ++k) {
        set_text(lists.texts(), at++, evidence->keys[k].name);
        set_text(lists.texts(), at++, evidence->keys[k].evidence.to_text());
      }
    }
  } catch (const std::exception& error) {
    duckdb_aggregate_function_set_error(info, raised_text(error).c_str());
  }
}

// ---- the values

// How the value of a key is wanted; the first letter of its argument.
constexpr char kAsText = 't', kAsJson = 'j', kIsNumber = 'n', kIsBoolean = 'b', kIsString = 's';

char wanted_of(const Type& type) {
  switch (type.id) {
    case TypeId::boolean: return kIsBoolean;
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::real:
    case TypeId::double_:
    case TypeId::decimal: return kIsNumber;
    case TypeId::date:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
    case TypeId::uuid:
    case TypeId::interval:
    case TypeId::blob: return kIsString;
    case TypeId::varchar: return kAsText;
    case TypeId::null:
    case TypeId::json:
    case TypeId::list: return kAsJson;
  }
  return kAsJson;
}

std::string_view text_of(const JsonValue& value, char wanted) {
  const bool fits = wanted == kIsNumber    ? value.kind == Kind::number
                    : wanted == kIsBoolean ? value.kind == Kind::boolean
                    : wanted == kIsString  ? value.kind == Kind::string
                                         : true;
  if (!fits) {
    throw Error(ErrorKind::bad_data, fmt::format("the value {} is of another type than those before it",
                                                 shorten(value.json, kShownLineBytes)));
  }
  return value.kind == Kind::string && wanted != kAsJson ? value.text : value.json;
}

struct Splitter {
  Lines lines;
  std::vector<std::string> keys;  // with the letter in front
  std::vector<bool> seen;
  size_t next = 0;

  size_t find(std::string_view name) {
    for (size_t i = 0; i < keys.size(); ++i) {
      const size_t at = (next + i) % keys.size();
      if (std::string_view(keys[at]).substr(1) != name) continue;
      next = at + 1;
      return at;
    }
    throw Error(ErrorKind::bad_data, fmt::format("the key {} was not there before", shorten(name, kShownLineBytes)));
  }
};

void read_keys(duckdb_vector vector, std::vector<std::string>& keys) {
  const auto entry = static_cast<duckdb_list_entry*>(duckdb_vector_get_data(vector))[0];
  const Texts texts(duckdb_list_vector_get_child(vector));
  keys.clear();
  for (idx_t i = 0; i < entry.length; ++i) keys.emplace_back(texts.at(entry.offset + i));
}

void split(Splitter& splitter, const Texts& lines, idx_t rows, duckdb_vector output) {
  Lists lists(output);
  for (idx_t row = 0; row < rows; ++row) {
    const size_t count = splitter.keys.size();
    const idx_t first = lists.add(row, count);
    splitter.seen.assign(count, false);
    const duckdb_vector texts = lists.texts();
    Nulls nulls(texts);
    if (!lines.is_null(row)) {
      splitter.lines.read_object(lines.at(row), [&](std::string_view name, const JsonValue& value) {
        const size_t at = splitter.find(name);
        if (splitter.seen[at] || value.kind == Kind::null) return;
        splitter.seen[at] = true;
        set_text(texts, first + at, text_of(value, splitter.keys[at].front()));
      });
    }
    for (size_t i = 0; i < count; ++i) {
      if (!splitter.seen[i]) nulls.set(first + i);
    }
  }
}

void json_values(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  try {
    auto& splitter = *static_cast<Splitter*>(duckdb_scalar_function_get_state(info));
    const idx_t rows = duckdb_data_chunk_get_size(input);
    if (rows == 0) return;
    read_keys(duckdb_data_chunk_get_vector(input, 1), splitter.keys);
    split(splitter, Texts(duckdb_data_chunk_get_vector(input, 0)), rows, output);
  } catch (const std::exception& error) {
    duckdb_scalar_function_set_error(info, raised_text(error).c_str());
  }
}

void make_splitter(duckdb_init_info info) {
  duckdb_scalar_function_init_set_state(info, new Splitter, [](void* held) { delete static_cast<Splitter*>(held); });
}

// ---- what is wrong

void json_fault(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  try {
    const Texts texts(duckdb_data_chunk_get_vector(input, 0));
    Lines lines;
    Nulls nulls(output);
    const idx_t rows = duckdb_data_chunk_get_size(input);
    for (idx_t row = 0; row < rows; ++row) {
      try {
        if (!texts.is_null(row) && !is_blank(texts.at(row))) lines.read_object(texts.at(row), [](auto, const auto&) {});
        nulls.set(row);
      } catch (const Error& error) {
        set_text(output, row, error.what());
      }
    }
  } catch (const std::exception& error) {
    duckdb_scalar_function_set_error(info, raised_text(error).c_str());
  }
}

// trim() of DuckDB's goes letter by letter through whole lines.
void has_text(duckdb_function_info, duckdb_data_chunk input, duckdb_vector output) {
  const Texts texts(duckdb_data_chunk_get_vector(input, 0));
  auto* found = static_cast<bool*>(duckdb_vector_get_data(output));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < rows; ++row) found[row] = !texts.is_null(row) && !is_blank(texts.at(row));
}

// ---- registration

// A logical type that destroys itself.
class LogicalType {
 public:
  explicit LogicalType(duckdb_logical_type type) : type_(type) {}
  ~LogicalType() { duckdb_destroy_logical_type(&type_); }
  LogicalType(const LogicalType&) = delete;
  LogicalType& operator=(const LogicalType&) = delete;
  duckdb_logical_type get() const { return type_; }

 private:
  duckdb_logical_type type_;
};

void check(duckdb_state state, const char* name) {
  if (state != DuckDBSuccess) throw Error(ErrorKind::internal, fmt::format("DuckDB does not take the function {}", name));
}

void register_aggregate(duckdb_connection connection, const LogicalType& text, const LogicalType& texts) {
  duckdb_aggregate_function function = duckdb_create_aggregate_function();
  duckdb_aggregate_function_set_name(function, "_ingestr_json_evidence");
  duckdb_aggregate_function_add_parameter(function, text.get());
  duckdb_aggregate_function_set_return_type(function, texts.get());
  duckdb_aggregate_function_set_functions(function, state_size, init, update, combine, finalize);
  duckdb_aggregate_function_set_destructor(function, destroy);
  duckdb_aggregate_function_set_special_handling(function);
  const duckdb_state state = duckdb_register_aggregate_function(connection, function);
  duckdb_destroy_aggregate_function(&function);
  check(state, "_ingestr_json_evidence");
}

void register_values(duckdb_connection connection, const LogicalType& text, const LogicalType& texts) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, "_ingestr_json_values");
  duckdb_scalar_function_add_parameter(function, text.get());
  duckdb_scalar_function_add_parameter(function, texts.get());
  duckdb_scalar_function_set_return_type(function, texts.get());
  duckdb_scalar_function_set_init(function, make_splitter);
  duckdb_scalar_function_set_function(function, json_values);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  check(state, "_ingestr_json_values");
}

// A function of a line that is also called for NULL.
void register_of_line(duckdb_connection connection, const char* name, const LogicalType& line, const LogicalType& result,
                      duckdb_scalar_function_t call) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, name);
  duckdb_scalar_function_add_parameter(function, line.get());
  duckdb_scalar_function_set_return_type(function, result.get());
  duckdb_scalar_function_set_special_handling(function);
  duckdb_scalar_function_set_function(function, call);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  check(state, name);
}

}  // namespace

void register_json_functions(duckdb_connection connection) {
  const LogicalType text(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  const LogicalType texts(duckdb_create_list_type(text.get()));
  register_aggregate(connection, text, texts);
  register_values(connection, text, texts);
  const LogicalType boolean(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  register_of_line(connection, "_ingestr_json_fault", text, text, json_fault);
  register_of_line(connection, "_ingestr_has_text", text, boolean, has_text);
}

std::string json_evidence_sql(const std::string& line) { return fmt::format("_ingestr_json_evidence({})", line); }

std::string has_text_sql(const std::string& line) { return fmt::format("_ingestr_has_text({})", line); }

std::string json_fault_sql(const std::string& line) { return fmt::format("_ingestr_json_fault({})", line); }

std::string json_values_sql(const std::string& line, const std::vector<JsonKey>& keys) {
  std::string list;
  for (const JsonKey& key : keys) {
    list += (list.empty() ? "" : ", ") + quote_text(wanted_of(key.type) + key.name);
  }
  return fmt::format("_ingestr_json_values({}, [{}]::VARCHAR[])", line, list);
}

}  // namespace ingestr::duck
