#include "sql/cascade.h"

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {

std::optional<TableName> emptied_table(const Step& step) {
  if (const auto* rows = std::get_if<DeleteInterval>(&step)) return rows->table;
  if (const auto* rows = std::get_if<DeleteLandedRange>(&step)) return rows->table;
  if (const auto* rows = std::get_if<DeleteLandedValues>(&step)) return rows->table;
  return std::nullopt;
}

void refuse_cascade(const TableName& table, const Cascade& cascade) {
  throw Error(ErrorKind::unsupported,
              fmt::format("the foreign key {} of {} is ON DELETE {}, so rows of {} that are deleted, if only for a moment, would change {}; "
                          "use --incremental-strategy merge, or make the key anew without that",
                          cascade.name, cascade.from, cascade.action, to_string(table), cascade.from));
}

}  // namespace ingestr
