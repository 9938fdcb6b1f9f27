#include "app/usage.h"

#include <fstream>
#include <string>

#include <sys/resource.h>

namespace ingestr {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Usage process_usage() {
  rusage used = {};
  getrusage(RUSAGE_SELF, &used);
  Usage usage;
  usage.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  usage.peak_memory_bytes = static_cast<uint64_t>(used.ru_maxrss) * 1024;
  // ru_maxrss begins with what the parent had when it forked: a run started by a large program
  // would show that program's memory. The kernel's own figures for this process do not.
  std::ifstream status("/proc/self/status");
  for (std::string key; status >> key;) {
    uint64_t kilobytes = 0;
    if (key == "VmRSS:" && status >> kilobytes) usage.memory_bytes = kilobytes * 1024;
    if (key == "VmHWM:" && status >> kilobytes) usage.peak_memory_bytes = kilobytes * 1024;
    status.ignore(256, '\n');
  }
  return usage;
}

}  // namespace ingestr
