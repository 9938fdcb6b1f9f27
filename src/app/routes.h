// Which source table goes into which destination table, when one command loads many.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"

namespace ingestr {

// Whether --source-table is a query of the user's, `query:SELECT …`.
bool is_query(std::string_view source_table);

// Whether --source-table stands for many tables: it has a "*", and is neither a query nor, with a "/", the path of files that
// are one table.
bool is_pattern(std::string_view source_table);

// A pattern needs a "*" in the table's part of the destination's name, and one table must not have
// one. Throws Error(usage).
void check_patterns(std::string_view source_table, const TableName& destination);

struct Route {
  std::string source;     // "records:companies"
  TableName destination;  // attio.records_companies
};

// A route for each of `sources`, which is what the source made of `pattern`. Each "*" in the
// table's part of `destination` becomes the source table's name with "_" for every ASCII character
// that is no letter, digit or "_"; what is beyond ASCII stays. Throws Error: not_found when there
// are none, usage when the source can make nothing of the pattern, unsupported, listing them, when
// tables would get the same name, upper and lower case taken as one.
std::vector<Route> make_routes(std::string_view pattern, const std::vector<std::string>& sources,
                               const TableName& destination);

}  // namespace ingestr
