// What a run has done so far. Written by every layer, read by the progress line and the summary.
#pragma once

#include <atomic>
#include <cstdint>

namespace ingestr {

struct Counters {
  std::atomic<uint64_t> rows{0};        // rows that reached the destination's landing table
  std::atomic<uint64_t> batches{0};     // record batches they came in
  std::atomic<uint64_t> pages{0};       // pages of an API that held rows
  std::atomic<uint64_t> requests{0};    // HTTP requests sent, retries included
  std::atomic<uint64_t> retries{0};     // requests sent again after a failure
  std::atomic<uint64_t> rate_limits{0};  // answers that told us to slow down (429)
  std::atomic<uint64_t> mended{0};       // places between two pages where rows had moved, read again until they fit
  std::atomic<uint64_t> duplicates{0};  // rows that the source served again and that were dropped
  std::atomic<uint64_t> discarded_rows{0};    // rows and
  std::atomic<uint64_t> discarded_values{0};  // values that a schema contract left out
  static constexpr double kUnknownShare = -1;
  std::atomic<double> share{kUnknownShare};  // of the table that is loaded: how much of it has been read, 0 to 1
  std::atomic<uint64_t> bytes{0};       // bytes of response bodies received, decompressed
};

}  // namespace ingestr
