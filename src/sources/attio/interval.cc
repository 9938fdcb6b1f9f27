#include "sources/attio/interval.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/time.h"
#include "sources/attio/answer.h"

namespace ingestr::attio {
namespace {

using namespace std::chrono_literals;

// ISO 8601 has years of four digits; an interval may end on 9999-12-31.
constexpr SystemTime kFirst = std::chrono::sys_days(1y / 1 / 1);
constexpr SystemTime kLast = std::chrono::sys_days(9999y / 12 / 31);

std::string bound(const char* comparison, SystemTime time) {
  return fmt::format(R"("{}":"{}")", comparison, format_iso(std::clamp(time, kFirst, kLast)));
}

}  // namespace

std::string CreationInterval::filter() const {
  if (!bounded()) return "";
  std::vector<std::string> bounds;
  if (start_) bounds.push_back(bound("$gte", *start_ - kMargin));
  if (end_) bounds.push_back(bound("$lte", *end_ + kMargin));
  return fmt::format(R"({{"created_at":{{{}}}}})", fmt::join(bounds, ","));
}

bool CreationInterval::holds(const PageRow& row) const {
  if (!bounded()) return true;
  const std::string text = text_at(row, "/created_at");
  const std::optional<Timestamp> created = parse_iso_timestamp(text);
  if (!created) return !text.empty();  // who reads the row refuses a text that is no time
  const SystemTime time{std::chrono::microseconds(created->micros)};
  return (!start_ || *start_ <= time) && (!end_ || time <= *end_);
}

}  // namespace ingestr::attio
