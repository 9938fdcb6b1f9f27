#include "stats.h"

#include <fmt/core.h>

#include <algorithm>

#include "json_writer.h"

namespace sandbox {
namespace {

std::string optional_number(const std::optional<uint64_t>& value) {
  return value ? std::to_string(*value) : "null";
}

std::string line_json(const LogLine& line) {
  return fmt::format(
      R"({{"number":{},"method":{},"path":{},"query":{},"offset":{},"limit":{},"user_agent":{},"accept_encoding":{},"at_ms":{},)"
      R"("took_ms":{},"status":{},"bytes":{}}})",
      line.number, json_string(line.method), json_string(line.path), json_string(line.query),
      optional_number(line.offset), optional_number(line.limit), json_string(line.user_agent),
      json_string(line.accept_encoding),
      line.at, line.took, line.status, line.bytes);
}

std::string change_json(const ChangeLine& line) {
  return fmt::format(R"({{"op":"{}","table":{},"id":"{}","request":{}}})", line.op,
                     json_string(line.table), to_text(line.id), line.request);
}

// A path with * for the ids of rows, so that a fan-out over many rows is one line. Ids of objects
// and lists stay.
std::string without_rows(const std::string& path) {
  std::string text;
  std::string_view rest = path, before;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('/', 1));
    const bool is_row = before != "/objects" && before != "/lists" && parse_uuid(part.substr(1));
    text += is_row ? "/*" : part;
    before = part;
    rest.remove_prefix(part.size());
  }
  return text;
}

template <typename Items, typename ToJson>
std::string joined(const Items& items, ToJson to_json) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += ',';
    text += to_json(item);
  }
  return text;
}

}  // namespace

Stats::Ticket Stats::begin(LogLine line, Milliseconds now) {
  const std::lock_guard lock(mutex_);
  line.number = ++total_;
  line.at = now - start_;
  ++by_path_[without_rows(line.path)];
  most_in_flight_ = std::max(most_in_flight_, ++in_flight_);
  while (!last_second_.empty() && last_second_.front() <= now - 1000) last_second_.pop_front();
  last_second_.push_back(now);
  most_in_a_second_ = std::max<uint64_t>(most_in_a_second_, last_second_.size());
  log_.push_back(std::move(line));
  if (log_.size() > log_size_) log_.pop_front();
  return {total_, epoch_};
}

LogLine* Stats::find(uint64_t number) {
  if (log_.empty() || number < log_.front().number || number > log_.back().number) return nullptr;
  return &log_[number - log_.front().number];
}

void Stats::end(const Ticket& ticket, int status, uint64_t bytes, Milliseconds now) {
  const std::lock_guard lock(mutex_);
  if (ticket.epoch != epoch_) return;
  --in_flight_;
  ++by_status_[status];
  bytes_ += bytes;
  if (LogLine* line = find(ticket.number)) {
    line->status = status;
    line->bytes = bytes;
    line->took = now - start_ - line->at;
  }
}

void Stats::changed(ChangeLine line) {
  const std::lock_guard lock(mutex_);
  changes_.push_back(std::move(line));
}

void Stats::reset(Milliseconds now) {
  const std::lock_guard lock(mutex_);
  ++epoch_;
  start_ = now;
  total_ = bytes_ = in_flight_ = most_in_flight_ = most_in_a_second_ = 0;
  by_path_.clear();
  by_status_.clear();
  last_second_.clear();
  log_.clear();
  changes_.clear();
}

std::string Stats::json() const {
  const std::lock_guard lock(mutex_);
  const auto limited = by_status_.find(429);
  return fmt::format(
      R"({{"requests":{},"max_in_one_second":{},"max_in_flight":{},"in_flight":{},"rate_limited":{},"bytes":{},)"
      R"("by_path":{{{}}},"by_status":{{{}}},"changes":[{}],"log":[{}]}})",
      total_, most_in_a_second_, most_in_flight_, in_flight_,
      limited == by_status_.end() ? 0 : limited->second, bytes_,
      joined(by_path_,
             [](const auto& item) {
               return fmt::format("{}:{}", json_string(item.first), item.second);
             }),
      joined(by_status_,
             [](const auto& item) { return fmt::format("\"{}\":{}", item.first, item.second); }),
      joined(changes_, change_json), joined(log_, line_json));
}

}  // namespace sandbox
