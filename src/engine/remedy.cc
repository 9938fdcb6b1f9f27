#include "engine/remedy.h"

#include "data/doubled_key.h"

namespace ingestr {

std::string_view remedy_of(const Step& step, std::string_view fault) {
  if (std::holds_alternative<ReplaceTable>(step)) return "load with --full-refresh to begin without the constraints of the table";
  if (std::holds_alternative<InsertRows>(step) && says_key_is_there(fault)) return "load with --incremental-strategy merge";
  return "mend the row";
}

}  // namespace ingestr
