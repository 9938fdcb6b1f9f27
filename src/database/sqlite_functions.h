// What our sessions of SQLite have that SQLite lacks: numbers and their text, without loss.
//
//   _ingestr_text(x)         the shortest text that is the REAL x and no other, as DuckDB writes it: 0.1, 1.0, 1e+300
//   _ingestr_text_of_real(x) the same of a number of 32 bits; of another one that of 64
//   _ingestr_double(text)    the REAL that is nearest to a decimal number
//   _ingestr_decimal(x, s)   a REAL as the text of a decimal number with s digits behind the point
//   COLLATE _ingestr_decimal texts of decimal numbers by their value
//   COLLATE _ingestr_time    texts of dates and times by the moment, however SQLite's users write it
#pragma once

#include <string>
#include <string_view>

struct sqlite3;

namespace ingestr::database {

void register_sqlite_functions(sqlite3* connection);

std::string text_of_double(double value);
// Below, at or above 0: a is lower than b, the same, higher. Both are plain decimal numbers: -12.50
int compare_decimals(std::string_view a, std::string_view b);
// The same of dates and times: 2026-01-31, 2026-01-31T00:00 and 2026-01-31 00:00:00.000Z are one. Texts with another offset than 0, and
// what is no time, are compared as they are written.
int compare_times(std::string_view a, std::string_view b);

}  // namespace ingestr::database
