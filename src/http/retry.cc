#include "http/retry.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "base/either_stop.h"

namespace ingestr {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kShortest = seconds(1);
constexpr milliseconds kLongest = seconds(60);
// On top of a wait that the server asked for: all its clients were told the same second.
constexpr double kToldJitterMs = 250;

bool may_help_again(ErrorKind kind) {
  return kind == ErrorKind::unavailable || kind == ErrorKind::rate_limited;
}

// An error's text without the request in front, for sentences that name the request anyway.
std::string_view without_request(std::string_view text, std::string_view request) {
  if (!text.starts_with(request)) return text;
  return trim(text.substr(request.size()));
}

}  // namespace

std::optional<seconds> retry_after(const HttpResponse& response, SystemTime now) {
  const auto header = response.header("retry-after");
  if (!header) return std::nullopt;
  const std::string_view text = trim(*header);
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {
    int64_t number = 0;
    const auto [_, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    // More than fits is more than we would ever wait.
    return error == std::errc() ? seconds(std::min<int64_t>(number, INT32_MAX))
                                : seconds(INT32_MAX);
  }
  const auto until = parse_http_date(text);
  if (!until) return std::nullopt;
  const auto date = response.header("date");
  const auto sent = date ? parse_http_date(trim(*date)) : std::nullopt;
  const auto wait = std::chrono::ceil<seconds>(*until - (sent ? SystemTime(*sent) : now));
  return std::max(wait, seconds(0));
}

milliseconds backoff(int failures, double random) {
  const int doublings = std::clamp(failures - 1, 0, 6);
  const milliseconds shortest = kShortest * (1 << doublings);
  const milliseconds jitter(
      static_cast<int64_t>(random * static_cast<double>(shortest.count()) / 2));
  return std::min(shortest + jitter, kLongest);
}

RetryClient::RetryClient(std::unique_ptr<HttpClient> next, RetryOptions options,
                         const HttpServices& services)
    : next_(std::move(next)),
      options_(std::move(options)),
      services_(services),
      generator_(options_.seed) {}

HttpResponse RetryClient::send(const HttpRequest& request) {
  for (int failures = 0;;) {
    Attempt last = attempt(request);
    if (!last.error) return std::move(*last.response);
    ++failures;
    const ErrorKind kind = last.error->kind();
    const Waits waits = waits_after(last, failures);
    if (kind == ErrorKind::rate_limited) {
      // Even when we give up: the others had better know.
      ++services_.counters.rate_limits;
      if (options_.on_rate_limited) {
        options_.on_rate_limited(services_.clock.steady() + waits.everybodys);
      }
    }
    if (!may_help_again(kind) || !request.repeatable || options_.attempts <= 1) throw *last.error;

    const std::string name = describe(request);
    const std::string_view what = without_request(last.error->what(), name);
    if (failures >= options_.attempts) {
      throw Error(kind, fmt::format("{} failed {} times, the last time: {}; try again later", name,
                                    failures, what));
    }
    services_.log.log(kind == ErrorKind::rate_limited ? LogLevel::info : LogLevel::warning,
                      fmt::format("{}: {}; trying again in {:.1f} s (attempt {} of {})", name, what,
                                  std::chrono::duration<double>(waits.ours).count(), failures + 1,
                                  options_.attempts));
    services_.clock.sleep_for(waits.ours, EitherStop(services_.stop, request.unwanted).token());
    ++services_.counters.retries;
  }
}

RetryClient::Attempt RetryClient::attempt(const HttpRequest& request) {
  Attempt result;
  try {
    result.response = next_->send(request);
    result.error = options_.judge(request, *result.response);
  } catch (const Error& error) {
    result.error = error;
  }
  return result;
}

RetryClient::Waits RetryClient::waits_after(const Attempt& failed, int failures) {
  const double chance = random();
  const milliseconds ours = backoff(failures, chance);
  const auto told =
      failed.response ? retry_after(*failed.response, services_.clock.now()) : std::nullopt;
  if (!told) return {.ours = ours, .everybodys = ours};
  const milliseconds jitter(static_cast<int64_t>(chance * kToldJitterMs));
  const milliseconds theirs =
      std::min(std::clamp<milliseconds>(*told, kShortest, kLongest) + jitter, kLongest);
  // A request that fails again and again waits longer than it was told, or six refusals in six
  // seconds would end a run; that is no reason to stop the others.
  return {.ours = std::max(ours, theirs), .everybodys = theirs};
}

double RetryClient::random() {
  std::lock_guard lock(mutex_);
  return std::uniform_real_distribution<double>(0, 1)(generator_);
}

}  // namespace ingestr
