// What the process has used so far.
#pragma once

#include <cstdint>

namespace ingestr {

struct Usage {
  double cpu_seconds = 0;  // user and system, all threads
  uint64_t memory_bytes = 0;
  uint64_t peak_memory_bytes = 0;
};

Usage process_usage();

}  // namespace ingestr
