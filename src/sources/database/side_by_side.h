// Reads parts of a table by several connections at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>

#include "data/stream.h"
#include "duck/connection.h"

namespace ingestr::database {

// Reads one part, on a thread that keeps its connection from part to part; `stop` ends it.
using ReadPart = std::function<void(size_t part, std::optional<duck::Connection>& connection, std::stop_token stop, BatchSink& rows)>;

// All parts, by so many threads; returns when they are read. The batches come in any order. Throws what went wrong first, when
// the other threads have ended.
void read_side_by_side(size_t parts, size_t threads, std::stop_token stop, BatchSink& rows, const ReadPart& read);

}  // namespace ingestr::database
