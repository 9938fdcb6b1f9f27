#include "engine/interval.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "engine/evolution.h"

namespace ingestr {

const Column* interval_column(const TableSpec& table, const ReadRequest& request) {
  if (request.incremental_key.empty()) {
    if (!request.has_interval()) return nullptr;
    throw Error(ErrorKind::usage, "an interval is of a column; name it with --incremental-key");
  }
  const Column* key = find_column(table.schema, request.incremental_key);
  // Also without an interval: a word that is written wrong would be found out on the day of the first one.
  if (key == nullptr) {
    throw Error(ErrorKind::usage,
                fmt::format("--incremental-key {} is no column of {}; its columns are {}", request.incremental_key,
                            table.name, fmt::join(table.schema.names(), ", ")));
  }
  if (!request.has_interval()) return nullptr;
  if (!is_time(key->type) && key->type.id != TypeId::null) {
    throw Error(ErrorKind::unsupported,
                fmt::format("--incremental-key {} is {}, and an interval is one of time; leave out --interval-start and "
                            "--interval-end",
                            key->name, to_string(key->type)));
  }
  return key;
}

}  // namespace ingestr
