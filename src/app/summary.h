// The figures of a run that is over.
#pragma once

#include <string>

#include "app/progress.h"

namespace ingestr {

// One `Name:  value` a line: rows, pages, requests, retries, duplicates, bytes, seconds, rows/s,
// peak memory.
std::string summary_text(const Progress& progress);

}  // namespace ingestr
