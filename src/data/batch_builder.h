// Builds batches cell by cell.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"

namespace ingestr {

// One row at a time: set cells in any order, then end_row(). A cell that was not set is NULL; a cell that is set
// twice keeps its first value. Not thread-safe.
class BatchBuilder {
 public:
  explicit BatchBuilder(Schema schema);

  const Schema& schema() const { return *schema_; }
  // Adds a column at the end; rows before it are NULL there. Returns its position.
  size_t add_column(Column column);
  // Changes what an inferred column will be once all rows are there.
  void set_inferred_type(size_t column, const Type& type);

  void set_text(size_t column, std::string_view utf8);  // varchar, json, uuid, null and every inferred column
  void set_bytes(size_t column, std::string_view bytes);  // blob
  void set_boolean(size_t column, bool value);
  void set_integer(size_t column, int64_t value);  // smallint, integer, bigint; date: days; time, timestamps: microseconds
  void set_double(size_t column, double value);    // real, double
  void set_interval(size_t column, int32_t months, int32_t days, int64_t micros);  // throws as interval_nanoseconds()
  // decimal, from JSON's way to write a number. False, and the cell is untouched, when it does not fit without loss.
  bool set_decimal(size_t column, std::string_view number);
  // A list of varchar; an element may be NULL.
  void set_texts(size_t column, const std::vector<std::optional<std::string>>& values);
  void end_row();

  int64_t rows() const { return rows_; }
  uint64_t bytes() const { return bytes_; }  // of the cells set since the last take()
  // The rows since the last take(). The builder goes on with the same schema.
  Batch take();

 private:
  bool claim(size_t column);  // false: this row's cell is already set
  void start();

  std::shared_ptr<Schema> schema_;  // copied before a change once a batch shares it
  nanoarrow::UniqueArray array_;
  int64_t rows_ = 0;
  uint64_t bytes_ = 0;
};

// The time of an interval as Arrow has it. Throws Error(unsupported) naming the column for one of more than 292 years.
int64_t interval_nanoseconds(int64_t microseconds, const std::string& column);

}  // namespace ingestr
