// Runs a job: one source table into one destination table.
#pragma once

#include "engine/context.h"
#include "engine/destination.h"
#include "engine/job.h"
#include "engine/source.h"
#include "engine/strategy.h"

namespace ingestr {

// What run_pipeline() would do: changes nothing and reads no row. Throws what it would throw until then, and
// Error(unsupported) for a table whose columns only its rows tell.
Plan plan_pipeline(const Job& job, Table& table, Destination& destination, const Context& context);
// Throws what is wrong with the columns that the job names, as far as that is known before the first request.
void check_columns(const Job& job, const TableSpec& spec);

// Reads on a thread of its own while this one writes; at most a few batches wait in between. Returns when the target
// holds the rows; Destination::close(), which makes them durable, is left to the caller, who may run more jobs into the
// same destination. Throws the first thing that went wrong (Error); the target is then as it was, and the landing
// table is dropped if the destination still answers.
void run_pipeline(const Job& job, Table& table, Destination& destination, const Context& context);

}  // namespace ingestr
