#include "app/column_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"

namespace ingestr {

ColumnWishes column_wishes(const Settings& settings) {
  ColumnWishes wishes;
  const std::string columns = fmt::format("{}", fmt::join(settings.texts("columns"), ","));
  wishes.overrides = within(settings.origin("columns").value_or("--columns"), [&] { return parse_columns(columns); });
  wishes.only_overrides = settings.toggle("no-inference");
  if (wishes.only_overrides && wishes.overrides.empty()) {
    throw Error(ErrorKind::usage, fmt::format("columns is required when no-inference is enabled; list what to load with "
                                              "--columns, or leave out {}",
                                              *settings.origin("no-inference")));
  }
  wishes.masks = within(settings.origin("mask").value_or("--mask"), [&] { return parse_masks(settings.list("mask")); });
  wishes.excluded = settings.names("sql-exclude-columns");
  wishes.trim = settings.toggle("trim-whitespace");
  wishes.naming = made_of(settings, "schema-naming", parse_naming);
  return wishes;
}

}  // namespace ingestr
