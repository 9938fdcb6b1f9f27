#include "sources/files/evidence.h"

#include <algorithm>

#include "duck/exact_sql.h"

namespace ingestr::files {

Evidence::Evidence(const std::vector<std::string>& names, const duck::Connection::Row& texts) : names_(names) {
  for (const auto& text : texts) seen_.push_back(text ? TypeEvidence::of_text(*text) : TypeEvidence());
}

Schema Evidence::schema() const {
  Schema schema;
  for (size_t i = 0; i < names_.size(); ++i) schema.columns.push_back({names_[i], seen_[i].type()});
  return schema;
}

Type Evidence::type_for(const Column& learnt, const Type& target, NumberForm form) {
  const auto at = std::ranges::find(names_, learnt.name);
  if (at == names_.end() || learnt.type == target) return learnt.type;
  const TypeEvidence& seen = seen_[static_cast<size_t>(at - names_.begin())];
  if (seen.fits(target, form)) {
    fitted_.insert(learnt.name);
    return target;
  }
  return target.id == TypeId::decimal && learnt.type.id == TypeId::double_ ? seen.decimal_type().value_or(learnt.type) : learnt.type;
}

std::string Evidence::value_sql(const std::string& text, const Column& column, NumberForm form) const {
  return fitted_.contains(column.name) ? duck::fitting_sql(text, column.type) : duck::exact_sql(text, column.type, form);
}

}  // namespace ingestr::files
