// Keys that several rows have to us and one to PostgreSQL: that goes by types and collations of the target's columns.
#pragma once

#include <string>
#include <vector>

#include "destinations/database/postgres_dialect.h"
#include "destinations/database/postgres_tables.h"
#include "engine/row_change.h"

namespace ingestr::database {

// The statement by which of landed rows, whose keys in `change` are one to the target's columns `there`, only one stays: of those that
// `landed` tells apart, the one that it would keep. Empty: to them, too, keys are what they are to us.
std::string fold_keys(const RowChange& change, const Deduplicate& landed, const std::vector<PostgresTables::TableColumn>& there,
                      const PostgresDialect& dialect);

}  // namespace ingestr::database
