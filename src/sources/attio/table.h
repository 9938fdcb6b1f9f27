// The tables of the Attio source.
#pragma once

#include <memory>
#include <string_view>

#include "base/counters.h"
#include "base/log.h"
#include "engine/source.h"
#include "http/client.h"

namespace ingestr::attio {

// What all tables of one source share. Outlives them.
struct Session {
  HttpClient& http;
  Counters& counters;
  Logger& log;
  uint64_t page_size;
  size_t parallelism;  // requests under way at once
};

// Throws Error(usage) when the name is of no table. Makes no request.
std::unique_ptr<Table> open_table(std::string_view name, const Session& session);

}  // namespace ingestr::attio
