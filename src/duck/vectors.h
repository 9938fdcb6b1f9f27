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

// Appends texts to the lists of a VARCHAR[] vector.
class TextLists {
 public:
  explicit TextLists(duckdb_vector lists)
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

}  // namespace ingestr::duck
