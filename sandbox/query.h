// What clients send in bodies: the query of the two query endpoints, and the sandbox's own control
// requests. The only place that parses JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.h"
#include "time_text.h"
#include "uuid.h"

namespace sandbox {

enum class Order { by_id, created_ascending, created_descending };

struct Query {
  uint64_t limit = 500;
  uint64_t offset = 0;
  std::optional<Milliseconds> created_from;   // filter on the attribute created_at, inclusive
  std::optional<Milliseconds> created_until;  // exclusive
  std::optional<std::vector<Uuid>> ids;       // filter on record_id or entry_id
  Order order = Order::by_id;

  bool selective() const { return created_from || created_until || ids || order != Order::by_id; }
};

// A query, or the API's refusal of it.
struct QueryBody {
  Query query;
  std::optional<Reply> refusal;
};

// An empty body counts as `{}`; unknown keys are ignored. `max_limit` 0: no maximum. Filters and
// sorts understood are those on created_at ($gt $gte $lt $lte $eq), record_id and entry_id ($eq
// $in) and $and; others are refused, never ignored.
QueryBody parse_query(std::string_view body, uint64_t max_limit);

// The body of POST /__sandbox/mutate.
struct MutationOrder {
  std::string object, list;          // one of them: slug or id
  std::string resource;              // or this: "notes"
  bool erase = false;                // else insert
  std::optional<uint64_t> position;  // default: somewhere in the region served so far
  uint64_t count = 1;
};
// Throws std::invalid_argument with a sentence.
MutationOrder parse_mutation(std::string_view body);

bool is_json(std::string_view text);

}  // namespace sandbox
