// ColumnWishes: what the user wants of columns, and which columns it means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "engine/column_override.h"
#include "engine/mask.h"
#include "engine/naming.h"

namespace ingestr {

// Columns are named as they are at the source or in snake_case, or, in `masks` and `excluded`, as `overrides` call them;
// ignoring case. A mask or an exclusion is for every column that its name fits.
struct ColumnWishes {
  std::vector<ColumnOverride> overrides{};  // --columns
  bool only_overrides = false;              // --no-inference: other columns are left out, these come in their order
  std::vector<Mask> masks{};                // --mask
  std::vector<std::string> excluded{};      // --sql-exclude-columns
  bool must_exist = true;                   // false for many tables: one that lacks such a column does without
  bool trim = false;                        // --trim-whitespace: that of Unicode, around texts
  Naming naming = Naming::automatic;        // --schema-naming
};

// How well a wish's word fits a column's name.
enum class Fit { none, snake_case, ignoring_case, exact };
Fit fit(std::string_view word, std::string_view name);

// The column that fits `word` best, the first of those; nullptr when none does.
const Column* best_fit(const Schema& schema, std::string_view word);

// What a flag calls a column.
struct ColumnWord {
  std::string_view flag;  // "--mask"
  std::string word;

  bool operator==(const ColumnWord&) const = default;
};

// All of them, in the order --columns, --sql-exclude-columns, --mask.
std::vector<ColumnWord> column_words(const ColumnWishes& wishes);

// "--mask names emial, which is no column of the table; its columns are …; did you mean email?", of kind usage.
[[noreturn]] void throw_no_column(std::string_view flag, std::string_view word, const std::vector<std::string>& known);

// Throws Error(usage) for a column of a mask or an exclusion that is neither in `source` nor in --columns, and for a column of
// --columns without a type that is not in `source`, unless they need not exist. A source that declares no columns may have any.
void check_wishes(const ColumnWishes& wishes, const Schema& source);

// What --columns calls, at the source, the columns that it gives a type.
std::vector<std::string> typed_columns(const ColumnWishes& wishes);

// What the source calls the column that the user calls `name`.
std::string source_name(const ColumnWishes& wishes, const Schema& source, std::string_view name);

}  // namespace ingestr
