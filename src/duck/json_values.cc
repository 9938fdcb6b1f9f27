// The functions from lines of JSON to values, and what is wrong with a line.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "duck/exact_sql.h"
#include "duck/failure.h"
#include "duck/functions.h"
#include "duck/json_line.h"
#include "duck/new_function.h"
#include "duck/text.h"
#include "duck/vectors.h"

namespace ingestr::duck {
namespace {

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
  const bool fits = wanted == kIsNumber    ? value.kind == JsonKind::number
                    : wanted == kIsBoolean ? value.kind == JsonKind::boolean
                    : wanted == kIsString  ? value.kind == JsonKind::string
                                         : true;
  if (!fits) {
    throw Error(ErrorKind::bad_data, fmt::format("the value {} is of another type than those before it",
                                                 shorten(value.json, kShownLineBytes)));
  }
  return value.kind == JsonKind::string && wanted != kAsJson ? value.text : value.json;
}

struct Splitter {
  JsonLines lines;
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
  TextLists lists(output);
  for (idx_t row = 0; row < rows; ++row) {
    const size_t count = splitter.keys.size();
    const idx_t first = lists.add(row, count);
    splitter.seen.assign(count, false);
    const duckdb_vector texts = lists.texts();
    Nulls nulls(texts);
    if (!lines.is_null(row)) {
      splitter.lines.read_object(lines.at(row), [&](std::string_view name, const JsonValue& value) {
        const size_t at = splitter.find(name);
        if (splitter.seen[at]) return;
        splitter.seen[at] = true;
        if (value.kind == JsonKind::null) return nulls.set(first + at);
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

void json_fault(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  try {
    const Texts texts(duckdb_data_chunk_get_vector(input, 0));
    JsonLines lines;
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

}  // namespace

void register_json_values(duckdb_connection connection) {
  const LogicalType text(DUCKDB_TYPE_VARCHAR), texts(duckdb_create_list_type(text.get())), boolean(DUCKDB_TYPE_BOOLEAN);
  const NewScalarFunction values("_ingestr_json_values", {text, texts}, texts, json_values);
  duckdb_scalar_function_set_init(values.get(), make_splitter);
  values.give_to(connection);
  const NewScalarFunction fault("_ingestr_json_fault", {text}, text, json_fault);
  const NewScalarFunction blank("_ingestr_has_text", {text}, boolean, has_text);
  for (const NewScalarFunction* function : {&fault, &blank}) {
    duckdb_scalar_function_set_special_handling(function->get());  // they are called for NULL too
    function->give_to(connection);
  }
}

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
