#include "sql/lost.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ingestr {

std::string lost_to_new_columns(const TableName& table, const std::vector<std::string>& lost) {
  return fmt::format("{} lost what its new columns do not allow: {}", to_string(table), fmt::join(lost, ", "));
}

}  // namespace ingestr
