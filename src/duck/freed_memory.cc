#include "duck/freed_memory.h"

#include <sys/types.h>

#include <cstddef>
#include <string>

// Of the allocator in libduckdb, jemalloc (https://jemalloc.net/jemalloc.3.html#mallctl_namespace), with DuckDB's prefix; a build of DuckDB may
// have none.
extern "C" [[gnu::weak]] int duckdb_je_mallctl(const char* name, void* old, size_t* old_size, void* value, size_t size);

namespace ingestr::duck {
namespace {

void set_at_once(const std::string& name) {
  ssize_t milliseconds = 0;
  duckdb_je_mallctl(name.c_str(), nullptr, nullptr, &milliseconds, sizeof milliseconds);
}

}  // namespace

void clear_freed_memory() {
  if (duckdb_je_mallctl == nullptr) return;
  unsigned arenas = 0;
  size_t size = sizeof arenas;
  if (duckdb_je_mallctl("arenas.narenas", &arenas, &size, nullptr, 0) != 0) return;
  for (const char* kind : {"dirty_decay_ms", "muzzy_decay_ms"}) {
    set_at_once(std::string("arenas.") + kind);  // of arenas that are still to come
    for (unsigned i = 0; i < arenas; ++i) set_at_once("arena." + std::to_string(i) + "." + kind);
  }
}

}  // namespace ingestr::duck
