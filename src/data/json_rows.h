// JSON objects in, batches out: each object is a row, its keys are columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/batch_builder.h"

namespace ingestr {

// Where a declared column finds its value in a row.
struct JsonField {
  Column column;
  // One key, or two for a member of a nested object: {"id", "record_id"}. Empty: the value is no part of the row but
  // one of the `outside` texts that come with it, of the column's name.
  std::vector<std::string> path;
};

// Who takes one key's value apart himself, into columns of his own.
class JsonReader {
 public:
  virtual ~JsonReader() = default;
  virtual std::string_view key() const = 0;
  // Called once. Adds the columns it fills; nothing else is added before.
  virtual void declare(BatchBuilder& builder) = 0;
  // `value` is the JSON text of one row's value, with 64 readable bytes behind it. Throws Error(bad_data).
  virtual void read(std::string_view value, BatchBuilder& builder) = 0;
};

// Texts that belong to a row but are not in it, e.g. from the path of the request: {"object", "companies"}.
using OutsideTexts = std::vector<std::pair<std::string, std::string>>;

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

  // Before the first row: this key's value is also given to `reader`, whose columns follow the fields.
  void add_reader(std::unique_ptr<JsonReader> reader);
  // Before the first row: the whole text of each row goes into this json column, declared without a path, and keys
  // that are not declared make no columns.
  void keep_whole_row_in(std::string_view column);

  // Adds one row: the text of one JSON object, with at least 64 readable bytes behind it (as simdjson wants). That it
  // is valid all the way down is made sure by who received it (http/json_body.h): what a column takes as it is, is
  // not looked into again.
  // Throws Error(bad_data) naming place, row, column and value when the text is no object or a value does not fit.
  void add(std::string_view object, const OutsideTexts& outside = {});

  const Schema& schema() const;
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
