#include "engine/remedy.h"

#include "data/doubled_key.h"
#include "engine/row_change.h"

namespace ingestr {

std::string_view remedy_of(const Step& step, std::string_view fault) {
  if (std::holds_alternative<ReplaceTable>(step)) return "load with --full-refresh to begin without the constraints of the table";
  if (std::holds_alternative<InsertRows>(step) && says_key_is_there(fault)) return "load with --incremental-strategy merge";
  const std::optional<RowChange> change = row_change(step);
  if (change && change->deletes) return "other tables refer to rows that are deleted, if only for a moment: load with --incremental-strategy merge";
  return "mend the row";
}

}  // namespace ingestr
