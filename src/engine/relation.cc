#include "engine/relation.h"

namespace ingestr {

Prepared::Prepared(duck::Connection& connection, const Relation& relation) : connection_(connection), after_(relation.after) {
  for (const std::string& statement : relation.before) connection.execute(statement);
  for (const duck::TextFunction& function : relation.functions) duck::register_function(connection, function);
}

Prepared::~Prepared() {
  try {
    for (const std::string& statement : after_) connection_.execute(statement);
  } catch (const std::exception&) {
    // It stays attached, which is slow at worst.
  }
}

uint64_t checked(duck::Connection& connection, const Relation& relation, const std::function<uint64_t()>& take) {
  try {
    const std::unique_ptr<RowCheck> check = relation.check ? relation.check(connection) : nullptr;
    const uint64_t rows = take();
    if (check) check->finish(rows);
    return rows;
  } catch (const Error& error) {
    if (!relation.explain || error.kind() == ErrorKind::cancelled) throw;
    if (const auto explained = relation.explain(error)) throw *explained;
    throw;
  }
}

}  // namespace ingestr
