// What DuckDB reports, as an Error of ours. The one place where its words are read. For src/duck
// only.
#pragma once

#include <duckdb.h>

#include <exception>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ingestr::duck {

// What an error begins with that SQL (duck/values.h) or a function of ours raises: its text is ours, and bad_data. It may hold a value,
// and so any words.
inline constexpr std::string_view kRaised = "ingestr: ";
// What a function tells the engine of an exception: its text, of Error(bad_data) with that in front.
std::string raised_text(const std::exception& error);

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
