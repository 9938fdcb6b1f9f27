// Where rows come from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "data/stream.h"

namespace ingestr {

// What is known of a table before the first row is read.
struct TableSpec {
  std::string name;                      // as the user wrote it, e.g. "records:companies"
  Schema schema;                         // declared; rows may bring more, inferred, columns
  std::vector<std::string> primary_key;  // declared by the source; empty: none
  std::string incremental_key;           // declared by the source; empty: none
};

// What is wanted of a table.
struct ReadRequest {
  std::optional<uint64_t> limit;         // at most so many rows; nothing: all
};

class Table {
 public:
  virtual ~Table() = default;
  virtual const TableSpec& spec() const = 0;
  // Pushes the rows asked for, once, and returns. Runs on a thread of its own. Throws what went wrong; an Error
  // that `rows.push` throws must be let through.
  virtual void read(const ReadRequest& request, BatchSink& rows) = 0;
};

// A table that can be asked for, for people.
struct TableInfo {
  std::string name;         // "records:{object_api_slug}"
  std::string description;  // one line
};

class Source {
 public:
  virtual ~Source() = default;
  // Checks the name and nothing else: no request is made. Throws Error(usage) when there can be no such table.
  virtual std::unique_ptr<Table> table(std::string_view name) = 0;
  virtual std::vector<TableInfo> tables() const = 0;
};

}  // namespace ingestr
