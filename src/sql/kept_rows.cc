#include "sql/kept_rows.h"

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {

void require_gone(const std::string& deletion, const std::function<uint64_t(const std::string& select)>& count) {
  constexpr std::string_view kVerb = "DELETE ";
  if (count(fmt::format("SELECT count(*) FROM (SELECT 1 {} LIMIT 1) AS kept", deletion.substr(kVerb.size()))) == 0) return;
  throw Error(ErrorKind::unsupported, "a trigger or a rule of the table keeps rows that are deleted, and they would be there beside the new "
                                      "ones; take it away, or load by --incremental-strategy merge");
}

}  // namespace ingestr
