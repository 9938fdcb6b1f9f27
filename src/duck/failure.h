// What DuckDB reports, as an Error of ours. The one place where its words are read. For src/duck
// only.
#pragma once

#include <duckdb.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace ingestr::duck {

// What an error begins with that SQL of ours raises (duck/values.h): its text is ours, and bad_data.
inline constexpr std::string_view kRaised = "ingestr: ";

// What a statement, an append or a checkpoint reported: an interrupt is `cancelled`, a full disk
// and a memory limit that is too low get their own sentence, a value that does not fit is
// `bad_data`, a row that breaks a constraint `constraint`, a table that others depend on `conflict`; the rest keeps DuckDB's first line.
Error failure(duckdb_error_type type, std::string_view message);

// The same where nothing but the words is to be had.
Error failure(std::string_view message);

// The same from an error object, which is destroyed.
Error failure(duckdb_error_data error);

// What opening a file reported. `shown` is the path as the user knows it.
Error open_failure(std::string_view message, std::string_view shown);

}  // namespace ingestr::duck
