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

  size_t average_bytes() const { return average_bytes_; }

 private:
  void write_attributes(RowFacts& facts, JsonWriter& out) const;
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
