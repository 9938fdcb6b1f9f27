#include "engine/remedy.h"

namespace ingestr {

std::string_view remedy_of(const Step& step) {
  if (std::holds_alternative<ReplaceTable>(step)) return "load with --full-refresh to begin without the constraints of the table";
  if (std::holds_alternative<InsertRows>(step)) return "load with --incremental-strategy merge";
  return "mend the row";
}

}  // namespace ingestr
