#include "engine/evolution.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "data/type_kind.h"
#include "engine/strategy.h"

namespace ingestr {
namespace {

constexpr int kRealDigits = 6;  // what 24 and 53 bits always hold
constexpr int kDoubleDigits = 15;

// How many digits an integer type can have; 0 for what is none.
int integer_digits(TypeId id) {
  switch (id) {
    case TypeId::smallint:
      return 5;
    case TypeId::integer:
      return 10;
    case TypeId::bigint:
      return 19;
    default:
      return 0;
  }
}

int whole_digits(const Type& type) {
  return is_integer(type) ? integer_digits(type.id) : type.precision - type.scale;
}

std::optional<Type> wider_number(const Type& a, const Type& b) {
  if (is_integer(a) && is_integer(b)) return std::max(a.id, b.id);  // in the order of their widths
  if (is_float(a) || is_float(b)) {
    const Type& other = is_float(a) ? b : a;
    const bool narrow = a.id != TypeId::double_ && b.id != TypeId::double_;
    if (narrow && holds(TypeId::real, other)) return TypeId::real;
    return TypeId::double_;
  }
  const int scale = std::max(a.scale, b.scale);
  const int digits = std::max(whole_digits(a), whole_digits(b)) + scale;
  if (digits > static_cast<int>(kDecimalDigits)) return TypeId::varchar;
  return Type::decimal(static_cast<uint8_t>(digits), static_cast<uint8_t>(scale));
}

bool is_one_of(const Type& type, TypeId first, TypeId second) {
  return type.id == first || type.id == second;
}

// Inferred columns travel as JSON text, so that a target that is text or JSON takes that rather than what was made of it.
Type decoded_type(const Column& landed, const Column* there) {
  if (there == nullptr) return landed.type;
  const std::optional<Type> wide = wider_type(there->type, landed.type);
  if (wide && wide->native) return TypeId::varchar;
  if (there->type.id == TypeId::timestamp_tz && is_one_of(landed.type, TypeId::date, TypeId::timestamp)) return there->type;
  const bool as_text = wide && is_one_of(*wide, TypeId::varchar, TypeId::json);
  return as_text && landed.type.id != TypeId::null ? *wide : landed.type;
}

class Evolver {
 public:
  Evolver(const TableName& target, const TableName& landing, Contract contract)
      : target_(target), landing_(landing), contract_(contract) {}

  // `there`: the target's column of that name, if it has one.
  void add(const Column& column, const Column* there) {
    const Type type = column.inferred ? decoded_type(column, there) : column.type;
    if (column.inferred) evolution_.decode.push_back(DecodeColumn{landing_, column.name, type});
    if (there == nullptr) {
      add_new({column.name, type, false});
    } else {
      add_known(column.name, type, *there);
    }
  }

  Evolution result() && {
    if (!broken_.empty()) {
      throw Error(ErrorKind::bad_data,
                  fmt::format("--schema-contract freeze: {} would have to change: {}; accept it with --schema-contract "
                              "evolve, or leave columns out with --sql-exclude-columns",
                              to_string(target_), fmt::join(broken_, ", ")));
    }
    if (evolution_.columns.empty()) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("--schema-contract {}: {} has none of the source's columns",
                              to_string(contract_), to_string(target_)));
    }
    discard();
    return std::move(evolution_);
  }

 private:
  void add_new(const Column& column) {
    switch (contract_) {
      case Contract::evolve:
        evolution_.steps.push_back(AddColumn{target_, column});
        evolution_.columns.push_back({column.name, column.name, column.type, column.type});
        return;
      case Contract::freeze:
        if (column.type.id == TypeId::null) return;
        broken_.push_back(fmt::format("{} {} is new", column.name, to_string(column.type)));
        return;
      case Contract::discard_row:
      case Contract::discard_value:
        if (column.type.id != TypeId::null) unknown_.push_back(column.name);
        return;
    }
  }

  void add_known(const std::string& name, const Type& type, const Column& there) {
    if (name == kLoadTimestampColumn && there.type.id == TypeId::timestamp) {
      evolution_.columns.push_back({name, there.name, type, there.type});
      return;
    }
    const std::optional<Type> wide = wider_type(there.type, type);
    const bool same = wide == there.type;
    switch (contract_) {
      case Contract::evolve:
        break;
      case Contract::freeze:
        if (same) break;
        broken_.push_back(fmt::format("{} is {} there and {} in the source", there.name, to_string(there.type),
                                      to_string(type)));
        return;
      case Contract::discard_row:
      case Contract::discard_value:
        if (same && holds(there.type, type)) break;
        narrowed_.push_back({name, there.name, type, there.type});
        evolution_.columns.push_back({name, there.name, there.type, there.type});
        return;
    }
    widen(name, type, there, wide);
  }

  void widen(const std::string& name, const Type& type, const Column& there, const std::optional<Type>& wide) {
    if (!wide) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("column {} of {} is {} there and {} in the source, and no type holds both; leave it out "
                              "with --sql-exclude-columns, or replace the table with --full-refresh",
                              there.name, to_string(target_), to_string(there.type), to_string(type)));
    }
    if (!holds(*wide, there.type)) {
      evolution_.steps.push_back(RequireExact{target_, there.name, there.type, *wide});
    }
    if (!holds(*wide, type)) evolution_.steps.push_back(RequireExact{landing_, name, type, *wide});
    if (*wide != there.type) {
      evolution_.steps.push_back(RetypeColumn{target_, there.name, there.type, *wide});
    }
    evolution_.columns.push_back({name, there.name, type, *wide});
  }

  void discard() {
    if (unknown_.empty() && narrowed_.empty()) return;
    if (contract_ == Contract::discard_row) {
      evolution_.discard.push_back(DiscardRows{landing_, unknown_, narrowed_});
      return;
    }
    for (const std::string& name : unknown_) evolution_.discard.push_back(DiscardColumn{landing_, name});
    for (const CopiedColumn& column : narrowed_) {
      evolution_.discard.push_back(FitColumn{landing_, column.from, column.from_type, column.to_type});
    }
  }

  const TableName& target_;
  const TableName& landing_;
  const Contract contract_;
  Evolution evolution_;
  std::vector<std::string> broken_;     // what the contract forbids, for people
  std::vector<std::string> unknown_;    // columns that are to be discarded
  std::vector<CopiedColumn> narrowed_;  // columns whose values may not fit
};

}  // namespace

std::optional<Type> wider_type(const Type& a, const Type& b) {
  if (a == b || b.id == TypeId::null) return a;
  if (a.id == TypeId::null) return b;
  if (a.native || b.native) return a.native ? a : b;
  if (is_number(a) && is_number(b)) return wider_number(a, b);
  if (is_one_of(a, TypeId::date, TypeId::timestamp) && is_one_of(b, TypeId::date, TypeId::timestamp))
    return TypeId::timestamp;
  if (is_one_of(a, TypeId::date, TypeId::timestamp_tz) && is_one_of(b, TypeId::date, TypeId::timestamp_tz))
    return TypeId::timestamp_tz;
  if (a.id == TypeId::blob || b.id == TypeId::blob) return std::nullopt;
  if (a.id == TypeId::list && b.id == TypeId::list) {
    const std::optional<Type> element = wider_type(*a.element, *b.element);
    if (element && element->id != TypeId::json && holds(*element, *a.element) && holds(*element, *b.element))
      return Type::list_of(*element);
    return TypeId::json;
  }
  if (a.id == TypeId::json || b.id == TypeId::json || a.id == TypeId::list || b.id == TypeId::list)
    return TypeId::json;
  return TypeId::varchar;
}

bool holds(const Type& wide, const Type& narrow) {
  if (wide == narrow || narrow.id == TypeId::null) return true;
  if (is_float(wide)) {
    if (is_float(narrow)) return wide.id == TypeId::double_;
    const int most = wide.id == TypeId::double_ ? kDoubleDigits : kRealDigits;
    return (is_integer(narrow) ? integer_digits(narrow.id) : narrow.precision) <= most;
  }
  if (wide.id == TypeId::list && narrow.id == TypeId::list) return holds(*wide.element, *narrow.element);
  return wider_type(wide, narrow) == wide;
}

bool are_akin(const Type& a, const Type& b) {
  const auto is_day = [](const Type& type) { return is_one_of(type, TypeId::date, TypeId::timestamp); };
  return (is_number(a) && is_number(b)) || (is_day(a) && is_day(b)) || (a.id == TypeId::list && b.id == TypeId::list);
}

const Column* find_column(const Schema& schema, std::string_view name) {
  return find_named(schema.columns, name);
}

Evolution evolve(const TableName& target, const Schema& existing, const TableName& landing, const Schema& landed,
                 Contract contract) {
  Evolver evolver{target, landing, contract};
  for (const Column& column : landed.columns) evolver.add(column, find_column(existing, column.name));
  return std::move(evolver).result();
}

}  // namespace ingestr
