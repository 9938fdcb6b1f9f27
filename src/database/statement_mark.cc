#include "database/statement_mark.h"

#include <fmt/format.h>

#include <random>

namespace ingestr::database {

StatementMark::StatementMark() {
  std::random_device random;
  text_ = fmt::format("ingestr {:08x}{:08x}", random(), random());
}

}  // namespace ingestr::database
