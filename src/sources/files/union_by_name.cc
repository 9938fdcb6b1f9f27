#include "sources/files/union_by_name.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <optional>
#include <set>

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

std::vector<std::string> names_of(const Part& part) { return part.written.empty() ? part.columns.names() : part.written; }

// Names that some part has beside others that differ in case only: there they are columns of their own.
std::set<std::string> names_apart(const std::vector<Part>& parts) {
  std::set<std::string> apart;
  for (const Part& part : parts) {
    std::map<std::string, std::vector<std::string>> alike;
    for (const std::string& name : names_of(part)) alike[to_lower(name)].push_back(name);
    for (const auto& [lower, names] : alike) {
      if (names.size() > 1) apart.insert(names.begin(), names.end());
    }
  }
  return apart;
}

// The columns of all parts, with what the first part that has one calls it, and where each part has it.
class Columns {
 public:
  using Places = std::vector<std::optional<size_t>>;  // in the part, for each column so far

  explicit Columns(const std::vector<Part>& parts) : apart_(names_apart(parts)) {
    for (const Part& part : parts) add(part);
  }

  const Schema& schema() const { return schema_; }
  std::optional<size_t> place(size_t part, size_t column) const {
    return column < places_[part].size() ? places_[part][column] : std::nullopt;
  }

 private:
  void add(const Part& part) {
    const std::vector<std::string> names = names_of(part);
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

  std::optional<size_t> place_of(const std::string& name, bool exactly, const Places& places) const {
    for (size_t i = 0; i < places.size(); ++i) {
      const bool is_same = written_[i] == name || (!exactly && equal_ignoring_case(written_[i], name) && !are_apart(written_[i], name));
      if (is_same && !places[i]) return i;
    }
    return std::nullopt;
  }

  bool are_apart(const std::string& one, const std::string& other) const { return apart_.contains(one) && apart_.contains(other); }

  std::set<std::string> apart_;
  Schema schema_;
  std::vector<std::string> names_, written_;
  std::vector<Places> places_;
};

std::string value_of(const Part& part, std::optional<size_t> place, const Type& wanted) {
  if (!place) return fmt::format("CAST(NULL AS {})", wanted.id == TypeId::null ? "VARCHAR" : to_string(wanted));
  return cast(part.values.at(*place), part.columns.columns.at(*place).type, wanted);
}

}  // namespace

Union union_by_name(const std::vector<Part>& parts) {
  const Columns columns(parts);
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
