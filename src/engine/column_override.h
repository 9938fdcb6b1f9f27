// ColumnOverride: what --columns says of one column.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"

namespace ingestr {

struct ColumnOverride {
  std::string name;                     // at the destination
  std::string source;                   // at the source; the same unless it is a rename
  std::optional<Type> type;             // nothing: the source's
  std::optional<uint32_t> most_length;  // of varchar(n): characters

  bool renames() const { return name != source; }
};

// A type as users write it, in any case:
//
//   boolean, bool                     BOOLEAN
//   smallint, int16, tinyint, int8    SMALLINT
//   int32                             INTEGER
//   bigint, int64, integer, int, long BIGINT
//   real, float, float4, float32      REAL
//   double, float8, float64           DOUBLE
//   decimal, numeric [(p[,s])]        DECIMAL(p,s), p from 1 to 38; (38,9) without
//   text, string, varchar[(n)]        VARCHAR
//   blob, binary, bytes               BLOB
//   date, time, uuid, interval        DATE, TIME, UUID, INTERVAL
//   timestamp, timestamptz, datetime  TIMESTAMPTZ
//   timestamp_ntz, timestampntz       TIMESTAMP
//   json, jsonb                       JSON
//
// Throws Error(usage) for anything else. `most_length` gets the n of varchar(n).
Type parse_column_type(std::string_view text, std::optional<uint32_t>& most_length);

// The word by which parse_column_type() gives the type, e.g. "int32"; nothing: none does.
std::optional<std::string> written_type(const Type& type);

// Entries parted by commas outside parentheses: `name:type`, `dest:type:source`, `dest::source`. Throws Error(usage) for an
// entry that is none of them, and for a name or a source that is there twice, ignoring case.
std::vector<ColumnOverride> parse_columns(std::string_view text);

}  // namespace ingestr
