#include "sql/cascade.h"

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {

void refuse_cascade(const TableName& table, const Cascade& cascade) {
  throw Error(ErrorKind::unsupported,
              fmt::format("the foreign key {} of {} is ON DELETE {}, so rows of {} that are deleted, if only for a moment, would change {}; "
                          "use --incremental-strategy merge, or make the key anew without that",
                          cascade.name, cascade.from, cascade.action, to_string(table), cascade.from));
}

}  // namespace ingestr
