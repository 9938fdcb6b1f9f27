#include "sources/files/united.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "duck/text.h"
#include "duck/text_values.h"
#include "engine/evolution.h"

namespace ingestr::files {
namespace {

void widen(Column& column, const Type& other) {
  const auto wide = wider_type(column.type, other);
  if (!wide) {
    throw Error(ErrorKind::bad_data, fmt::format("the column \"{}\" is {} in one file and {} in another; load them one by one",
                                                    column.name, to_string(column.type), to_string(other)));
  }
  column.type = holds(*wide, column.type) && holds(*wide, other) ? *wide : Type(TypeId::varchar);
}

std::string cast(const std::string& value, const Type& from, const Type& to) {
  if (from == to) return value;
  if (to.id == TypeId::json) return duck::to_json_sql(value, from);
  if (to.id == TypeId::varchar) return duck::text_sql(value, from);
  return fmt::format("CAST({} AS {})", value, to_string(to));
}

// Of the column called `name` in the part; NULL when there is none.
std::string value_of(const Part& part, const Column& wanted) {
  const Column* column = find_column(part.columns, wanted.name);
  if (column == nullptr) return fmt::format("CAST(NULL AS {})", to_string(wanted.type));
  return cast(part.values.at(column - part.columns.columns.data()), column->type, wanted.type);
}

}  // namespace

United unite(const std::vector<Part>& parts) {
  United united;
  for (const Part& part : parts) {
    for (const Column& column : part.columns.columns) {
      const Column* known = find_column(united.schema, column.name);
      if (known == nullptr) {
        united.schema.columns.push_back(column);
      } else {
        widen(united.schema.columns.at(known - united.schema.columns.data()), column.type);
      }
    }
  }
  std::vector<std::string> selects;
  for (const Part& part : parts) {
    std::vector<std::string> values;
    for (const Column& column : united.schema.columns) {
      values.push_back(fmt::format("{} AS {}", value_of(part, column), duck::quote_name(column.name)));
    }
    selects.push_back(fmt::format("SELECT {} FROM {}", fmt::join(values, ", "), part.from));
  }
  united.select = fmt::format("{}", fmt::join(selects, " UNION ALL "));
  return united;
}

}  // namespace ingestr::files
