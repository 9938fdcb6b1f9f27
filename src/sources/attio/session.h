// What all tables of one Attio source share.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/counters.h"
#include "base/log.h"
#include "http/client.h"
#include "sources/attio/access.h"

namespace ingestr::attio {

enum class Values { json, columns, both };  // how records' and entries' values are loaded

struct Session {
  HttpClient& http;         // throws Attio's own errors
  HttpClient& slow_http;    // the same, at most 10 requests a second
  AccessCheck& access;
  Counters& counters;
  Logger& log;
  uint64_t page_size;
  size_t parallelism;       // requests under way at once
  Values values;
};

}  // namespace ingestr::attio
