// Rows by the time that they were created: what the API is asked for, and which of its rows are kept.
//
// An interval is of the row's own created_at, the column that is loaded. The API filters by another time, the attribute
// created_at among the row's values. That one is earlier: equal for rows made through the API, 12 to 117 s in recorded
// answers for rows that people made. Attio states neither this nor a bound. So the API is asked for a day more on both
// sides, which costs few rows, and each row's own time decides.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/source.h"
#include "http/page.h"

namespace ingestr::attio {

class CreationInterval {
 public:
  static constexpr std::chrono::days kMargin{1};

  // That of the request; without one every row is in it.
  explicit CreationInterval(const ReadRequest& request) : start_(request.interval_start), end_(request.interval_end) {}

  bool bounded() const { return start_ || end_; }
  // `{"created_at":{"$gte":"…Z","$lte":"…Z"}}` for the body of a query, wider than the interval by the margin; empty
  // where it has no bound.
  std::string filter() const;
  // Whether the row's own created_at, in whole microseconds as its column holds it, is in the interval, bounds included.
  // A row without that time is in none that has a bound.
  bool holds(const PageRow& row) const;

 private:
  std::optional<SystemTime> start_;
  std::optional<SystemTime> end_;
};

}  // namespace ingestr::attio
