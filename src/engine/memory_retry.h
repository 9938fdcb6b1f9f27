// A relation whose rows do not fit into the memory that there is, which shows only when they are read.
#pragma once

#include "base/counters.h"
#include "base/error.h"

namespace ingestr {

// Rows that are read in large pieces, as those of Parquet are, may need more memory than others: when `take` throws Error(no_memory)
// and `get_more` is true, which sees to it that there is more, it is called again, with Counters::rows as they were.
template <class Take, class GetMore>
auto retry_with_more_memory(Counters& counters, GetMore&& get_more, Take&& take) -> decltype(take()) {
  const uint64_t rows_before = counters.rows;
  try {
    return take();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::no_memory || !get_more()) throw;
  }
  counters.rows = rows_before;
  return take();
}

}  // namespace ingestr
