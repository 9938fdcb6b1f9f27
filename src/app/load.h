// `ingestr ingest`: loads one table, or all tables of a pattern; a dry run only plans that.
#pragma once

#include <optional>

#include "app/catalog.h"
#include "app/progress.h"
#include "app/report.h"
#include "engine/context.h"
#include "engine/job.h"

namespace ingestr {

// Everything that can be wrong with the command is found before the destination is opened. One
// source and one destination serve all tables, one after the other; the destination is closed, and
// so made durable, at the end, unless nothing was loaded.
//
// Throws the Error of a single table, or of what concerns all of them. A table of a pattern that
// fails does not stop the others and is told to `reporter`; they are then what is returned, as one
// failure. Nothing: all went well. When `context.stop` is requested, what was loaded before is kept
// and Error(cancelled) thrown.
std::optional<Failure> load(const Job& job, const Context& context, Reporter& reporter,
                            const Meter& meter, const Catalog& catalog);

}  // namespace ingestr
