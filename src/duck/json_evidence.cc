// The aggregate that says which types the values in lines of JSON allow.
#include <fmt/format.h>

#include <vector>

#include "data/type_evidence.h"
#include "duck/exact_sql.h"
#include "duck/failure.h"
#include "duck/functions.h"
#include "duck/json_line.h"
#include "duck/new_function.h"
#include "duck/vectors.h"

namespace ingestr::duck {
namespace {

struct SeenKey {
  std::string name;
  TypeEvidence evidence;
};

// What the lines that one thread read say.
struct Evidence {
  JsonLines lines;
  std::vector<SeenKey> keys;
  size_t next = 0;

  // Keys come in the same order in nearly every line, so the search starts where the last one ended.
  SeenKey& key(std::string_view name) {
    for (size_t i = 0; i < keys.size(); ++i) {
      const size_t at = (next + i) % keys.size();
      if (keys[at].name != name) continue;
      next = at + 1;
      return keys[at];
    }
    return keys.emplace_back(SeenKey{std::string(name), {}});
  }

  void see(std::string_view line) {
    if (is_blank(line)) return;
    lines.read_object(line, [&](std::string_view name, const JsonValue& value) {
      TypeEvidence& evidence = key(name).evidence;
      switch (value.kind) {
        case JsonKind::null: return;
        case JsonKind::boolean: return evidence.see_boolean();
        case JsonKind::number: return evidence.see_number(value.json);
        case JsonKind::string: return evidence.see_string(value.text);
        case JsonKind::nested: return evidence.see_nested();
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
      for (const SeenKey& key : state_of(from[i]).evidence->keys) target.key(key.name).evidence.merge(key.evidence);
    }
  } catch (const std::exception& error) {
    duckdb_aggregate_function_set_error(info, raised_text(error).c_str());
  }
}

void finalize(duckdb_function_info info, duckdb_aggregate_state* states, duckdb_vector result, idx_t count, idx_t offset) {
  try {
    TextLists lists(result);
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

}  // namespace

void register_json_evidence(duckdb_connection connection) {
  const LogicalType text(DUCKDB_TYPE_VARCHAR), texts(duckdb_create_list_type(text.get()));
  const NewAggregate aggregate("_ingestr_json_evidence", text, texts);
  duckdb_aggregate_function_set_functions(aggregate.get(), state_size, init, update, combine, finalize);
  duckdb_aggregate_function_set_destructor(aggregate.get(), destroy);
  aggregate.give_to(connection);
}

std::string json_evidence_sql(const std::string& line) { return fmt::format("_ingestr_json_evidence({})", line); }

}  // namespace ingestr::duck
