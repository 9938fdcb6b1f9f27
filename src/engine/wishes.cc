#include "engine/wishes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/suggest.h"
#include "base/text.h"

namespace ingestr {
namespace {

bool is_overridden(const ColumnWishes& wishes, std::string_view word) {
  return std::ranges::any_of(wishes.overrides, [&](const ColumnOverride& one) {
    return fit(word, one.name) != Fit::none || fit(word, one.source) != Fit::none;
  });
}

std::vector<std::string> known_names(const ColumnWishes& wishes, const Schema& source) {
  std::vector<std::string> names = source.names();
  for (const ColumnOverride& one : wishes.overrides) {
    if (std::ranges::find(names, one.name) == names.end()) names.push_back(one.name);
  }
  return names;
}

}  // namespace

Fit fit(std::string_view word, std::string_view name) {
  if (word == name) return Fit::exact;
  if (equal_ignoring_case(word, name)) return Fit::ignoring_case;
  return snake_case(word) == snake_case(name) ? Fit::snake_case : Fit::none;
}

const Column* best_fit(const Schema& schema, std::string_view word) {
  const Column* best = nullptr;
  Fit best_yet = Fit::none;
  for (const Column& column : schema.columns) {
    const Fit this_one = fit(word, column.name);
    if (this_one <= best_yet) continue;
    best = &column;
    best_yet = this_one;
  }
  return best;
}

std::vector<ColumnWord> column_words(const ColumnWishes& wishes) {
  std::vector<ColumnWord> words;
  for (const ColumnOverride& one : wishes.overrides) words.push_back({"--columns", one.source});
  for (const std::string& word : wishes.excluded) words.push_back({"--sql-exclude-columns", word});
  for (const Mask& mask : wishes.masks) words.push_back({"--mask", mask.column});
  return words;
}

void throw_no_column(std::string_view flag, std::string_view word, const std::vector<std::string>& known) {
  throw Error(ErrorKind::usage, fmt::format("{} names {}, which is no column of the table; its columns are {}{}", flag, word,
                                            fmt::join(known, ", "), did_you_mean(word, known)));
}

void check_wishes(const ColumnWishes& wishes, const Schema& source) {
  if (source.columns.empty() || !wishes.must_exist) return;
  const auto check = [&](std::string_view flag, const std::string& word) {
    if (best_fit(source, word) != nullptr || is_overridden(wishes, word)) return;
    throw_no_column(flag, word, known_names(wishes, source));
  };
  for (const Mask& mask : wishes.masks) check("--mask", mask.column);
  for (const std::string& word : wishes.excluded) check("--sql-exclude-columns", word);
  for (const ColumnOverride& one : wishes.overrides) {
    if (!one.type && best_fit(source, one.source) == nullptr) throw_no_column("--columns", one.source, source.names());
  }
}

std::vector<std::string> typed_columns(const ColumnWishes& wishes) {
  std::vector<std::string> names;
  for (const ColumnOverride& one : wishes.overrides) {
    if (one.type) names.push_back(one.source);
  }
  return names;
}

std::string source_name(const ColumnWishes& wishes, const Schema& source, std::string_view name) {
  for (const ColumnOverride& one : wishes.overrides) {
    if (!equal_ignoring_case(one.name, name)) continue;
    const Column* column = best_fit(source, one.source);
    return column == nullptr ? one.source : column->name;
  }
  const Column* column = best_fit(source, name);
  return column == nullptr ? std::string(name) : column->name;
}

}  // namespace ingestr
