#include "engine/relation.h"

#include "base/error.h"

namespace ingestr {

Prepared::Prepared(duck::Connection& connection, const Relation& relation) : connection_(connection), after_(relation.after) {
  for (const std::string& statement : relation.before) connection.execute(statement);
  for (const duck::TextFunction& function : relation.functions) duck::register_function(connection, function);
}

Prepared::~Prepared() {
  try {
    for (const std::string& statement : after_) connection_.execute(statement);
  } catch (const Error&) {
    // It stays attached, which is slow at worst.
  }
}

void check_refusals(duck::Connection& connection, const Relation& relation) {
  for (const std::string& refusal : relation.refusals) {
    const auto found = connection.query(refusal);
    if (!found.empty()) throw Error(ErrorKind::bad_data, found.front().at(0).value_or(""));
  }
}

}  // namespace ingestr
