// ColumnStages: the SQL that a column's values go through, stage by stage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "duck/values.h"
#include "engine/column_plan.h"
#include "engine/mask.h"

namespace ingestr {

// Adds to the stages of a landed column. Each takes the value as it is before it, and leaves in it what it is after it.
class ColumnStages {
 public:
  // The values of one that `is_masked` are not shown in errors.
  ColumnStages(LandedColumn& landed, bool is_masked) : landed_(landed), is_masked_(is_masked) {}

  // To another type, strictly (duck/values.h); nothing to do for the same one.
  void add_cast(duck::Value& value, const Type& to, std::optional<uint32_t> most_length);
  // Without the white space of Unicode around a text; a text in JSON is one, its members are not.
  void add_trim(const duck::Value& value);
  // The functions that it calls. Throws Error(unsupported) when the mask cannot hide such values.
  std::vector<duck::TextFunction> add_mask(duck::Value& value, const Mask& mask);

 private:
  std::string misfit(const duck::Value& value, const std::string& wanted) const;

  LandedColumn& landed_;
  bool is_masked_;
};

}  // namespace ingestr
