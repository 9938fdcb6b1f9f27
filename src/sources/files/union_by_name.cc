#include "sources/files/union_by_name.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "base/error.h"
#include "base/text.h"
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

// The columns of all parts, with what the first part that has one calls it, and where each part has it.
class Columns {
 public:
  using Places = std::vector<std::optional<size_t>>;  // in the part, for each column so far

  void add(const Part& part) {
    const std::vector<std::string> names = part.written.empty() ? part.columns.names() : part.written;
    Places& places = places_.emplace_back(names_.size());
    std::vector<bool> is_placed(names.size());
    for (const bool exactly : {true, false}) {
      for (size_t i = 0; i < names.size(); ++i) {
        if (is_placed[i]) continue;
        const auto known = place_of(names[i], exactly, places);
        if (!known) continue;
        is_placed[i] = true;
        places[*known] = i;
        widen(schema_.columns[*known], part.columns.columns[i].type);
      }
    }
    for (size_t i = 0; i < names.size(); ++i) {
      if (is_placed[i]) continue;
      names_.push_back(free_name(part.columns.columns[i].name, names_));
      schema_.columns.push_back({names_.back(), part.columns.columns[i].type});
      written_.push_back(names[i]);
      places.emplace_back(i);
    }
  }

  const Schema& schema() const { return schema_; }
  std::optional<size_t> place(size_t part, size_t column) const {
    return column < places_[part].size() ? places_[part][column] : std::nullopt;
  }

 private:
  std::optional<size_t> place_of(const std::string& name, bool exactly, const Places& places) const {
    for (size_t i = 0; i < places.size(); ++i) {
      const bool is_same = exactly ? written_[i] == name : equal_ignoring_case(written_[i], name);
      if (is_same && !places[i]) return i;
    }
    return std::nullopt;
  }

  Schema schema_;
  std::vector<std::string> names_, written_;
  std::vector<Places> places_;
};

std::string value_of(const Part& part, std::optional<size_t> place, const Type& wanted) {
  if (!place) return fmt::format("CAST(NULL AS {})", to_string(wanted));
  return cast(part.values.at(*place), part.columns.columns.at(*place).type, wanted);
}

}  // namespace

Union union_by_name(const std::vector<Part>& parts) {
  Columns columns;
  for (const Part& part : parts) columns.add(part);
  const std::vector<Column>& all = columns.schema().columns;
  std::vector<std::string> selects;
  for (size_t k = 0; k < parts.size(); ++k) {
    std::vector<std::string> values;
    for (size_t i = 0; i < all.size(); ++i) {
      values.push_back(fmt::format("{} AS {}", value_of(parts[k], columns.place(k, i), all[i].type), duck::quote_name(all[i].name)));
    }
    selects.push_back(fmt::format("SELECT {} FROM {}", fmt::join(values, ", "), parts[k].from));
  }
  return {columns.schema(), fmt::format("{}", fmt::join(selects, " UNION ALL "))};
}

}  // namespace ingestr::files
