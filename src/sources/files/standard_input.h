// What a pipe brings, as a file: it is read more than once.
#pragma once

#include "engine/connector.h"
#include "engine/context.h"
#include "sources/files/files.h"

namespace ingestr::files {

// Reads context.standard_input to its end, when it is called first, into a file without a name in the directory for temporary
// files (TMPDIR): however the program ends, it is gone. Where nothing unmasked may reach the disk (options.keep_private) it stays in memory, and
// more than 256 MB are refused. `context` outlives it. Throws Error(cancelled).
FindFiles standard_input(const SourceOptions& options, const Context& context);

}  // namespace ingestr::files
