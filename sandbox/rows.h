// RowWriter: turns the rows of one object or list into JSON, each from its key alone, so that any
// page costs the same.
#pragma once

#include <string>
#include <vector>

#include "texts.h"
#include "values.h"

namespace sandbox {

// What the rows of one object or list have in common.
struct RowShape {
  Uuid workspace;
  Uuid owner;                           // the object or list
  std::string web_url;                  // records: what stands before the record id
  std::string parent_object;            // entries: slug of the parent; empty for records
  const Collection* parents = nullptr;  // entries: rows of that object
  bool ragged = false;  // some rows without values, some attributes missing: allowed by the API,
                        // rare in practice
};

class RowWriter {
 public:
  // Sizes the rows: the average record comes near to `row_bytes`, by leaving out values or by
  // longer filler text (as far as the attributes allow either; 0 leaves them as they are).
  RowWriter(RowShape shape, const std::vector<Attribute>& attributes, const References& references,
            uint64_t seed, size_t row_bytes);

  // Appends the row without its closing brace, so that the caller can add keys. Any thread.
  void write_open(const Row& row, JsonWriter& out) const;

  // The value of the row's attribute created_at, which filters and sorts act on.
  Milliseconds created(const Row& row) const { return RowFacts(row, seed_).created_attribute; }

  // The values of one attribute as they are in the row, each as JSON; none if the row does not show
  // it. And those it had before, oldest first, which agree with them in time.
  std::vector<std::string> values_of(const Row& row, std::string_view slug) const;
  std::vector<std::string> earlier_values_of(const Row& row, std::string_view slug) const;

  // Entries: the record that the entry is about.
  Uuid parent(const Row& row) const;

  // The row's own created_at.
  Milliseconds made(const Row& row) const { return RowFacts(row, seed_).created; }

  size_t average_bytes() const { return average_bytes_; }

 private:
  // Where the values of one column stand in what was written.
  struct Span {
    const Column* column = nullptr;
    size_t begin = 0, end = 0;
  };
  void write_attributes(RowFacts& facts, JsonWriter& out, Span* span = nullptr) const;
  enum class Presence { there, null, absent };
  Presence presence_of(const Row& row) const;
  Uuid draw_parent(RowFacts& facts) const;
  const Column* find_column(std::string_view slug) const;
  void calibrate(size_t row_bytes);
  size_t measure() const;

  const RowShape shape_;
  const uint64_t seed_;
  std::vector<Column> columns_;
  std::string open_;        // up to the id of the row
  std::string values_key_;  // `,"values":`
  int density_ = 100;       // percent of `fill` that is really filled
  size_t filler_bytes_ = 40;
  size_t average_bytes_ = 0;
  Filler filler_;
};

}  // namespace sandbox
