#include "duck/text_rows.h"

#include <vector>

#include "duck/results.h"
#include "duck/vectors.h"

namespace ingestr::duck {

struct TextRows::State {
  StreamedResult result;
  Chunk chunk;
  std::vector<Texts> columns;  // of the chunk
  idx_t row = 0;
  idx_t rows = 0;
  bool is_at_end = false;  // a result must not be asked again
};

TextRows::TextRows(Connection& connection, const std::string& select)
    : state_(new State{StreamedResult(connection.get(), select), nullptr, {}, 0, 0, false}) {}

TextRows::~TextRows() = default;

bool TextRows::next() {
  State& state = *state_;
  if (++state.row < state.rows) return true;
  if (state.is_at_end) return false;
  do {
    state.chunk = state.result.next();
    state.is_at_end = !state.chunk;
    if (state.is_at_end) return false;
    state.rows = duckdb_data_chunk_get_size(state.chunk.get());
  } while (state.rows == 0);
  state.row = 0;
  state.columns.clear();
  for (idx_t column = 0; column < duckdb_data_chunk_get_column_count(state.chunk.get()); ++column) {
    state.columns.emplace_back(duckdb_data_chunk_get_vector(state.chunk.get(), column));
  }
  return true;
}

std::optional<std::string_view> TextRows::at(size_t column) const {
  const Texts& texts = state_->columns[column];
  if (texts.is_null(state_->row)) return std::nullopt;
  return texts.at(state_->row);
}

}  // namespace ingestr::duck
