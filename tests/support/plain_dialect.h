// The SQL of the standard.
#pragma once

#include <string>
#include <vector>

#include "sql/dialect.h"

namespace ingestr {

class PlainDialect final : public Dialect {
 public:
  std::string type(const Type& type) const override { return to_string(type); }
  std::vector<std::string> decode(const DecodeColumn&) const override { return {}; }
};

}  // namespace ingestr
