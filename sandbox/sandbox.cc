#include "sandbox.h"

#include <fmt/core.h>

#include <algorithm>

#include "errors.h"

namespace sandbox {
namespace {

// The text that fault rules match on.
std::string line_of(const Request& request, const LogLine& log) {
  std::string line = request.method + " " + request.target + " ";
  if (log.offset) line += fmt::format("offset={};limit={};", *log.offset, *log.limit);
  return line;
}

LogLine log_line(const Request& request, bool is_query) {
  LogLine line;
  line.method = request.method;
  line.path = path_of(request.target);
  line.query = request.target.substr(line.path.size());
  line.user_agent = request.user_agent;
  line.accept_encoding = request.accept_encoding;
  if (is_query) {
    const Query query = parse_query(request.body, 0).query;
    line.offset = query.offset;
    line.limit = query.limit;
  }
  return line;
}

}  // namespace

Sandbox::Sandbox(const Options& options, Clock clock)
    : options_(options),
      clock_(std::move(clock)),
      access_(options.access.keys, options.access.scopes),
      workspace_(options.data),
      stats_(options.log_size),
      faults_(parse_faults(options.weather.faults)),
      mutations_(parse_mutations(options.weather.mutations)),
      limiter_(options.access.rate_limit),
      notes_limiter_(options.access.notes_rate_limit) {
  stats_.reset(clock_.steady());
}

Reply Sandbox::answer(const Request& request) {
  return request.target.starts_with("/__sandbox/") ? control(request) : answer_api(request);
}

Reply Sandbox::answer_api(const Request& request) {
  const std::string_view path = path_of(request.target);
  const bool is_query = request.method == "POST" && path.ends_with("/query");
  LogLine log = log_line(request, is_query);
  const std::string line = line_of(request, log);
  Stats::Ticket ticket{};
  std::vector<Fault> faults;
  bool admitted = true;
  {
    const std::lock_guard lock(mutex_);
    const Milliseconds now = clock_.steady();
    ticket = stats_.begin(std::move(log), now);
    change_rows(mutations_.due(line), request, ticket.number);
    faults = faults_.due(line);
    const bool refused_by_script = std::any_of(faults.begin(), faults.end(), [](const Fault& f) {
      return f.kind == FaultKind::rate_limited;
    });
    if (!refused_by_script) admitted = limiter_.admit(now);
    if (admitted && !refused_by_script && path == "/v2/notes")
      admitted = notes_limiter_.admit(now);  // on top of the limit for all
  }
  Reply reply = spoiled_or_right(request, faults, admitted);
  const Milliseconds wall = clock_.wall();
  reply.headers.emplace_back("Date", http_date(wall));
  if (reply.content_type.starts_with(
          "application/json")) {  // an HTML page comes from a proxy that knows nothing of these
    reply.headers.emplace_back("x-attio-execution-id",
                               to_text(named_uuid(fmt::format("execution {}", ++executions_))));
    if (reply.status == 200) reply.headers.emplace_back("x-accurate-at", timestamp_text(wall));
  }
  stats_.end(ticket, reply.status, reply.body.size(), clock_.steady());
  return reply;
}

Reply Sandbox::spoiled_or_right(const Request& request, const std::vector<Fault>& faults,
                                bool admitted) {
  if (!admitted) return rate_limited(retry_after());
  if (options_.weather.latency_ms > 0)
    clock_.sleep(static_cast<Milliseconds>(options_.weather.latency_ms));
  for (const Fault& fault : faults)
    if (fault.kind == FaultKind::slow)
      clock_.sleep(static_cast<Milliseconds>(fault.seconds * 1000));
  const bool replaced = std::any_of(faults.begin(), faults.end(), replaces_reply);
  Reply reply = replaced ? Reply{} : answer_endpoint(request);
  for (const Fault& fault : faults) {
    apply(fault, reply);
    if (fault.kind == FaultKind::rate_limited) reply = rate_limited(retry_after());
  }
  return reply;
}

// A bad key is noticed before an unknown path, as a gateway in front of everything would.
Reply Sandbox::answer_endpoint(const Request& request) const {
  const std::string_view path = path_of(request.target);
  Call call = call_of(request);
  const Endpoint* endpoint = find_endpoint(request.method, path, call.parameters);
  const bool has_own_auth = endpoint != nullptr && endpoint->scopes.empty();
  if (!has_own_auth)
    if (auto refusal = access_.refuse(request.authorization)) return *refusal;
  if (endpoint == nullptr) return no_endpoint(request.method, percent_decoded(path));
  if (auto refusal = access_.refuse_scopes(endpoint->scopes)) return *refusal;
  return endpoint->answer(call);
}

Call Sandbox::call_of(const Request& request) const {
  return {workspace_, access_, options_.access, options_.data.extra_keys, request,
          Parameters(request.target)};
}

void Sandbox::change_rows(const std::vector<Mutation>& mutations, const Request& request,
                          uint64_t number) {
  if (mutations.empty()) return;
  Call call = call_of(request);
  const Endpoint* endpoint =
      find_endpoint(request.method, path_of(request.target), call.parameters);
  if (endpoint == nullptr || endpoint->rows == nullptr) return;
  const auto addressed = endpoint->rows(call);
  if (!addressed) return;
  for (const Mutation mutation : mutations) {
    Collection& rows = *addressed->rows;
    const auto row =
        mutation == Mutation::insert ? rows.insert_in_served() : rows.erase_in_served();
    if (row)
      stats_.changed(
          {mutation == Mutation::insert ? "insert" : "delete", addressed->name, row->id, number});
  }
}

// The date has whole seconds only, so "the next second" may be a millisecond away: clients have to
// put up with that.
std::string Sandbox::retry_after() const {
  return options_.access.retry_after_seconds ? "1" : http_date(clock_.wall() + 1000);
}

}  // namespace sandbox
