// Contract: what rows of another shape may do to a table that exists.
#pragma once

#include <string_view>

namespace ingestr {

//   evolve         the table gets the new columns and the wider types
//   freeze         they are an error; nothing is loaded
//   discard_row    a row goes when it has a value in a new column, or one that does not fit into its column
//   discard_value  only such values go: NULL takes the place of what does not fit
//
// A column that the rows lack, or that has nothing but NULL, breaks no contract. Neither does our own load timestamp: other
// contracts than `evolve` fill it where the table has it, and do not add it. A table that is replaced has no contract.
enum class Contract { evolve, freeze, discard_row, discard_value };

// "evolve" ("default" is the same), "freeze", "discard_row", "discard_value", in any case. Throws Error(usage) for another name.
Contract parse_contract(std::string_view name);
std::string_view to_string(Contract contract);

}  // namespace ingestr
