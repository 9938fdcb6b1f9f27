// What a query has that is no SQL to be looked at: strings, quoted names and comments, as each database reads them.
#pragma once

#include <cstddef>
#include <string_view>

namespace ingestr::database {

enum class SqlFamily {
  plain,     // '…', "…", `…`, -- and /* */
  postgres,  // also E'…' with backslashes, $tag$ … $tag$, comments in comments; PostgreSQL and DuckDB
  mysql,     // also backslashes in '…' and "…", and #; -- wants a blank behind it, and what is in /*! */ is SQL
};

// Where the string, the quoted name or the comment ends that begins at `at`: behind its last character, or with the query when nothing ends
// it. `at` itself: none begins there.
size_t end_of_text(std::string_view query, size_t at, SqlFamily family);

// A character of names and numbers; what is beyond ASCII is one of names.
bool is_name_character(char c);

}  // namespace ingestr::database
