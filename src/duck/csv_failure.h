// What DuckDB's CSV reader reports, as an Error of ours. For duck/failure.cc.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"

namespace ingestr::duck {

// What a file without a name is called, which mostly is one.
inline constexpr std::string_view kNamelessFile = "standard input";

// Names file and line and says what is wrong there; nothing when the message is not of the CSV reader. Reads the file
// to find the line: the reader counts rows, and a row may have line ends in it.
std::optional<Error> csv_failure(std::string_view message);

// Whether it may be that line ends differ: DuckDB 1.5.5 says either that it is no CSV, or that a quote behind which one stands ends nothing.
bool may_be_of_line_ends(std::string_view sentence);

}  // namespace ingestr::duck
