// What DuckDB's JSON reader reports, as an Error of ours. For duck/failure.cc.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"

namespace ingestr::duck {

// Names the file and the value, counted from 1 on, and says what is wrong there; nothing when the message is not of the JSON reader.
std::optional<Error> json_failure(std::string_view message);

// Whether it says of a value that it is no JSON.
bool is_no_json(std::string_view sentence);

}  // namespace ingestr::duck
