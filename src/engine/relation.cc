#include "engine/relation.h"

#include "base/error.h"

namespace ingestr {

void prepare(duck::Connection& connection, const Relation& relation) {
  for (const std::string& statement : relation.before) connection.execute(statement);
  for (const duck::TextFunction& function : relation.functions) duck::register_function(connection, function);
}

void check_refusals(duck::Connection& connection, const Relation& relation) {
  for (const std::string& refusal : relation.refusals) {
    const auto found = connection.query(refusal);
    if (!found.empty()) throw Error(ErrorKind::bad_data, found.front().at(0).value_or(""));
  }
}

}  // namespace ingestr
