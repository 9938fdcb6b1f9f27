// Paging of GET endpoints: limit and offset, or limit and cursor, in the query string. (The two
// query endpoints have theirs in the body: query.h.)
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "call.h"

namespace sandbox {

struct PageRules {
  uint64_t fallback;   // the limit of a request without one
  uint64_t most = 0;   // above it, 400; 0: nothing is stated
  uint64_t least = 1;  // below it, 400
  bool fixed = false;  // no limit can be asked for: the parameter is ignored
};
inline constexpr PageRules kUnstated{500};

// Appends a row without its closing brace, so that keys can be added.
using WriteRow = std::function<void(const Row&, JsonWriter&)>;

// `{"data":[…]}`: the rows in their order. With `backwards` from the end on.
Reply offset_page(const Call& call, Collection& rows, const PageRules& rules, const WriteRow& write,
                  bool backwards = false);

// The same for rows that are JSON already, each without its closing brace.
Reply offset_page(const Call& call, const std::vector<std::string>& rows, const PageRules& rules);

// `{"data":[…],"pagination":{"next_cursor":…}}`.
Reply cursor_page(const Call& call, Collection& rows, const PageRules& rules,
                  const WriteRow& write);

// The parts of a cursor page, for answers of another shape.
struct CursorPage {
  std::optional<Reply> refusal;
  std::string rows;         // `[…]`
  std::string next_cursor;  // JSON: a string or null
};
CursorPage take_cursor_page(const Call& call, Collection& rows, const PageRules& rules,
                            const WriteRow& write);

// 400 if the request has one of these parameters: better than to ignore them. They are documented,
// but the sandbox lacks them.
std::optional<Reply> refuse_parameters(const Call& call, std::initializer_list<const char*> names);

// A parameter that is true or false.
struct Switch {
  bool on = false;
  std::optional<Reply> refusal;
};
Switch read_switch(const Call& call, const char* name);

}  // namespace sandbox
