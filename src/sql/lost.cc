#include "sql/lost.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ingestr {

void LostParts::add(const TableName& table, const std::vector<std::string>& parts) {
  if (parts.empty()) return;
  warnings_.push_back(fmt::format("{} lost what its new columns do not allow: {}", to_string(table), fmt::join(parts, ", ")));
}

void LostParts::tell(Logger& log) {
  for (const std::string& warning : warnings_) log.warning(warning);
  warnings_.clear();
}

}  // namespace ingestr
