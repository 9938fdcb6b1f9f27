// JSON objects in, batches out: each object is a row, its keys are columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"

namespace ingestr {

// Where a declared column finds its value in a row.
struct JsonField {
  Column column;
  std::vector<std::string> path;  // one key, or two for a member of a nested object: {"id", "record_id"}
};

// A declared column of type json holds what was sent, character by character; varchar holds a string's characters
// and the JSON text of anything else; timestamp_tz takes strict ISO 8601 with a zone and drops digits below the
// microsecond. A key that is not declared becomes one more, inferred, column: see data/type_evidence.h. Where its
// name is taken (ignoring case) by another column it gets the suffix "_2", "_3"…
// Not thread-safe.
class JsonRows {
 public:
  // `place` is for errors, e.g. "attio records:companies". `reserved` are column names that others will add.
  JsonRows(std::string place, std::vector<JsonField> fields, std::vector<std::string> reserved);
  ~JsonRows();

  // Adds one row: the text of one JSON object, with at least 64 readable bytes behind it (as simdjson wants).
  // Throws Error(bad_data) naming place, row, column and value when the text is no object or a value does not fit.
  void add(std::string_view object);

  int64_t rows() const;    // since the last take()
  uint64_t bytes() const;  // about what they hold
  Batch take();            // the rows since the last take()

 private:
  class Reader;  // keeps simdjson out of this header
  std::unique_ptr<Reader> reader_;
};

// The schema that the fields declare.
Schema schema_of(const std::vector<JsonField>& fields);

}  // namespace ingestr
