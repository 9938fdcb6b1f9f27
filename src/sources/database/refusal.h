// What is said of a table, or a query, that cannot be read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/relation.h"
#include "sources/database/system.h"

namespace ingestr::database {

struct Wanted {
  std::string table;   // as the user wrote it
  std::string shown;   // the database's
  bool is_query = false;
};

// Throws Error(usage) for two columns of one name: the engine, to which case makes no difference, would take one for the other.
void check_names(const Wanted& wanted, const std::vector<ReadColumn>& columns);

// What the engine, or the database behind it, said when it was asked for the columns, in one sentence.
Error refusal(const Wanted& wanted, const Error& error);

// What it said while rows were read, likewise; nothing: whoever took the rows may have said it.
std::optional<SourceFailure> read_failure(const Wanted& wanted, const Error& error);

}  // namespace ingestr::database
