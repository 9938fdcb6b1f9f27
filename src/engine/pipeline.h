// Runs a job: one source table into one destination table.
#pragma once

#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/destination.h"
#include "engine/job.h"
#include "engine/source.h"
#include "engine/strategy.h"
#include "engine/wishes.h"

namespace ingestr {

// The key as the user names it; a strategy that cannot do without may leave it to the source.
std::vector<std::string> primary_key(const Job& job, const TableSpec& spec);
// What run_pipeline() would do: changes nothing and reads no row. Throws what it would throw until then, and
// Error(unsupported) for a table whose columns only its rows tell.
Plan plan_pipeline(const Job& job, Table& table, Destination& destination, const Context& context);
// Throws what is wrong with the columns that the job names, as far as that is known before the first request.
void check_columns(const Job& job, const TableSpec& spec);

// Reads on a thread of its own while this one writes; at most a few batches wait in between. Returns when the target
// holds the rows; Destination::close(), which makes them durable, is left to the caller, who may run more jobs into the
// same destination. Throws the first thing that went wrong (Error); the target is then as it was, and the landing
// table is dropped if the destination still answers.
//
// Returns the words of the job's column wishes that no column of the table has fitted: of one of many tables, whose
// columns need not have all.
std::vector<ColumnWord> run_pipeline(const Job& job, Table& table, Destination& destination, const Context& context);

}  // namespace ingestr
