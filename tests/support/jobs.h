// Jobs made of flags and variables, for the tests of what makes them.
#pragma once

#include <map>
#include <string>

#include "app/orders.h"
#include "base/environment.h"
#include "support/fault.h"

namespace ingestr {

using Variables = std::map<std::string, std::string>;

inline Settings settings(const GivenFlags& given, const Variables& variables = {}) {
  return Settings(given, MapEnvironment(variables));
}

// Of these flags and those that every job needs.
inline Job job(GivenFlags more, const Variables& variables = {}) {
  const GivenFlags required = {{"source-uri", {"Attio://?api_key=k"}},
                               {"dest-uri", {"duckdb:///x.duckdb"}},
                               {"source-table", {"records:people"}}};
  more.insert(required.begin(), required.end());
  return make_job(settings(more, variables), all_connectors());
}

// "kind: text" of the Error that making a job of it throws; "" if none.
inline std::string fault(GivenFlags more, const Variables& variables = {}) {
  return fault_of([&] { job(std::move(more), variables); });
}

}  // namespace ingestr
