// Naming: what columns are called at the destination.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"

namespace ingestr {

enum class Naming {
  automatic,   // one of the two others, see choose_naming()
  snake_case,  // as snake_case() says
  direct,      // as the source has it
};

// "auto", "default" or "" is automatic; in any case. Throws Error(usage) for an unknown name.
Naming parse_naming(std::string_view text);
// "auto", "snake_case", "direct".
std::string_view to_string(Naming naming);

// `userName` -> `user_name`. In this order:
//
//   - each "_" at the end becomes an "x"
//   - the name is split at "__", and in each part "+" and "*" become "x", "@" becomes "a", "|" becomes "l", what else is no
//     letter or digit becomes "_"; words of camelCase are parted by "_"; letters become small; several "_" become one, and
//     one at the end of the part an "x"
//   - the parts that are not empty are joined by "__", and a digit at the beginning gets a "_" in front
//
// Letters and digits are those of Unicode. Throws Error(unsupported) when the system cannot tell what a character beyond
// ASCII is.
std::string snake_case(std::string_view name);

// Of automatic: direct when the target exists and has more of `names` as they are than in snake_case, ignoring case; else
// snake_case. So a new table is snake_case, and a table that was loaded with other names keeps them.
Naming choose_naming(Naming wanted, const std::vector<std::string>& names, const std::optional<Schema>& existing);

// Under `naming`, which is not automatic. Never empty.
std::string named(std::string_view name, Naming naming);

}  // namespace ingestr
