// The figures of a run that is over.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/progress.h"

namespace ingestr {

// One `Name:  value` a line: rows, pages, requests, retries, duplicates, mended and rate limits
// where there are any, what a schema contract discarded if it did, bytes, seconds, rows/s, peak memory.
std::string summary_text(const Progress& progress);

// One of the tables of a run that loads many; texts are ready to be shown.
struct TableSummary {
  std::string source;
  std::string destination;
  uint64_t rows = 0;
  double seconds = 0;
  std::string state;  // "loaded"; anything else counts as not
};

// A row for each table, and one for all: `of` is how many there were to be, `seconds` how long it
// took, what comes before the first table included.
std::string tables_text(const std::vector<TableSummary>& tables, size_t of, double seconds);

}  // namespace ingestr
