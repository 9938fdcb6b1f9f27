// Format: how rows are written into one kind of file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/uri.h"
#include "data/schema.h"
#include "duck/connection.h"
#include "engine/connector.h"
#include "engine/relation.h"

namespace ingestr::file_output {

// A kind of file that is not written in one go.
struct Workbook {
  Parameter (*parameter)();  // of its URIs
  // Throws Error(usage) for a URI whose parameter cannot be.
  void (*check)(const Uri& uri);
  // More options of COPY.
  std::string (*options)(const Schema& columns);
  // The rows of a table, once it is known what all of them are, as columns that can be written; `partition_by` parts them into files.
  // Throws Error(unsupported) for what no file of this kind holds, naming the column.
  Relation (*fitted)(duck::Connection& connection, Relation rows, const std::vector<std::string>& partition_by);
  // Makes the file of what was written, in its place. `old` has the rows that it was added to; empty: there are none.
  void (*finish)(const std::filesystem::path& file, const Uri& uri, const std::filesystem::path& old);
  // Throws Error(unsupported) for a file that has what would be lost if it was written anew.
  void (*check_old)(const std::filesystem::path& file);
};

struct Format {
  std::string_view scheme;     // the main one of its source
  std::string_view extension;  // of a file that a directory gets
  bool keeps_json;             // a reader of the file sees that a text is JSON
  bool may_be_compressed;      // by the name: .gz, .zst
  // The SELECT list that makes what is written of columns.
  std::string (*values)(const Schema& columns);
  std::string_view options;    // of DuckDB's COPY

  // What only some have; nullptr: nothing.
  const Workbook* workbook = nullptr;
};

// Nothing for a scheme whose files cannot be written.
const Format* find_format(std::string_view scheme);

// The one whose extension a file's name has, before .gz or .zst; "ndjson" is JSON Lines too. Nothing for another.
const Format* format_of_name(std::string_view file);

// Of all formats: the ends of names of their files.
std::vector<std::string_view> extensions();

// Options of COPY of such columns for a file that will be called `name`, whose row groups, if it has any, hold about `group_bytes`.
std::string copy_options(const Format& format, const Schema& columns, std::string_view name, uint64_t group_bytes, uint64_t row_bytes);

// A statement that writes the rows of `select`, which has the columns, into `file`, a path. `name` is what the file will be
// called, `row_bytes` about what a row takes; 0: not known.
std::string copy_sql(const Format& format, const std::string& select, const Schema& columns, std::string_view file,
                     std::string_view name, uint64_t row_bytes);

}  // namespace ingestr::file_output
