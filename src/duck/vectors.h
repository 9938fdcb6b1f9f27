// Reading and writing DuckDB's vectors. For src/duck only.
#pragma once

#include <duckdb.h>

#include <string_view>

namespace ingestr::duck {

// The texts of a VARCHAR vector.
class Texts {
 public:
  explicit Texts(duckdb_vector vector)
      : texts_(static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector))),
        validity_(duckdb_vector_get_validity(vector)) {}

  bool is_null(idx_t row) const { return validity_ != nullptr && !duckdb_validity_row_is_valid(validity_, row); }
  std::string_view at(idx_t row) const {
    return {duckdb_string_t_data(&texts_[row]), duckdb_string_t_length(texts_[row])};
  }

 private:
  duckdb_string_t* texts_;
  uint64_t* validity_;
};

// Makes rows of a vector NULL.
class Nulls {
 public:
  explicit Nulls(duckdb_vector vector) : vector_(vector) {}
  void set(idx_t row) {
    if (validity_ == nullptr) {
      duckdb_vector_ensure_validity_writable(vector_);
      validity_ = duckdb_vector_get_validity(vector_);
    }
    duckdb_validity_set_row_invalid(validity_, row);
  }

 private:
  duckdb_vector vector_;
  uint64_t* validity_ = nullptr;
};

inline void set_text(duckdb_vector vector, idx_t row, std::string_view text) {
  duckdb_unsafe_vector_assign_string_element_len(vector, row, text.data(), text.size());
}

}  // namespace ingestr::duck
