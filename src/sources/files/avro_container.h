// What an Avro file is but its values: a head, and blocks behind it. See the Avro specification, "Object Container Files".
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "duck/bytes.h"
#include "duck/connection.h"
#include "sources/files/files.h"

namespace ingestr::files {

struct AvroHead {
  std::string schema;  // as JSON
  std::string marker;  // that each block ends with
  uint64_t bytes = 0;  // before the first block
  std::string codec = "null";

  bool operator==(const AvroHead&) const = default;
};

// Of a file that begins so. Nothing: the head is longer than that, or it is no Avro file.
std::optional<AvroHead> avro_head(std::string_view beginning);
// Of a file. Throws Error(bad_data), which does not name it, for one that is no Avro file, that has a head of more than 16 MB, or that is
// compressed as the engine cannot read it; and what reading it throws.
AvroHead avro_head(duck::FileBytes& file);

// How many rows the blocks say they have. Goes from block to block, and reads none: DuckDB 1.5.5 takes the last one that is there for the
// end, and also one that it cannot decompress. Throws Error(bad_data) naming a file that does not end with a block or has none where one must
// be, Error(cancelled) soon after `stop` is requested, and what avro_head() throws.
uint64_t avro_rows(duck::Connection& connection, const Files& files, const std::stop_token& stop);

}  // namespace ingestr::files
