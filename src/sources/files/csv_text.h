// The text of a CSV file, byte by byte, as DuckDB 1.5.5 reads it in its strict mode.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/nameless_file.h"
#include "duck/bytes.h"

namespace ingestr::files {

// Where in a row a byte stands.
enum class CsvPlace {
  field_start,   // or behind blanks there
  bare,          // in a field without quotes, where a quote is a letter
  quoted,
  behind_quote,  // that ends the field, unless another follows
  behind_field,  // and blanks behind its quote
};

inline bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// The place behind `c`; nothing where DuckDB refuses it.
std::optional<CsvPlace> csv_place_behind(CsvPlace place, char c, char delimiter);

// A copy, with \n behind each row, of a file in which \r\n ends some rows and \n others, which DuckDB refuses; what stands in quotes is kept.
// In `directory`; empty: in memory. Nothing: it is no such file. Throws what NamelessFile and reading throw, Error(unsupported) for more than
// fits into memory, and Error(cancelled) soon after `stop` is requested.
std::unique_ptr<NamelessFile> copy_with_one_line_end(duck::FileBytes& file, char delimiter, const std::string& directory, const std::stop_token& stop);

}  // namespace ingestr::files
