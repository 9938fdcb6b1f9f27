#include "http/http.h"

#include <algorithm>

#include <random>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "http/json_body.h"
#include "http/rate_limit.h"
#include "http/retry.h"

namespace ingestr {
namespace {

constexpr int kNoContent = 204;

// Makes requests complete, and counts them.
class BaseClient final : public HttpClient {
 public:
  BaseClient(std::unique_ptr<HttpClient> next, HttpOptions options, const HttpServices& services)
      : next_(std::move(next)),
        base_url_(std::move(options.base_url)),
        headers_(std::move(options.headers)),
        most_requests_(options.most_requests),
        services_(services) {}

  HttpResponse send(const HttpRequest& request) override {
    const HttpRequest whole = complete(request);
    count();
    const SteadyTime start = services_.clock.steady();
    HttpResponse response = next_->send(whole);
    services_.counters.bytes += response.body.size();
    if (services_.log.enabled(LogLevel::debug)) {
      const std::chrono::duration<double> elapsed = services_.clock.steady() - start;
      services_.log.debug(fmt::format("{}: {}, {} in {:.3f} s", describe(whole), response.status,
                                      human_bytes(response.body.size()), elapsed.count()));
    }
    return response;
  }

 private:
  void count() {
    if (++services_.counters.requests <= most_requests_ || most_requests_ == 0) return;
    --services_.counters.requests;
    throw Error(ErrorKind::used_up,
                fmt::format("the {} requests that this run may send are used up; allow more with max_requests in --source-uri",
                            most_requests_));
  }

  HttpRequest complete(HttpRequest request) const {
    if (request.url.starts_with('/')) request.url.insert(0, base_url_);
    if (base_url_.empty() || is_below_base(request.url)) {
      for (const auto& [name, value] : headers_) add(request.headers, name, value);
    }
    add(request.headers, "Accept", "application/json");
    if (!request.body.empty()) add(request.headers, "Content-Type", "application/json");
    return request;
  }

  bool is_below_base(std::string_view url) const {
    if (!url.starts_with(base_url_)) return false;
    const std::string_view rest = url.substr(base_url_.size());
    return rest.empty() || rest[0] == '/' || rest[0] == '?';
  }

  static void add(HttpHeaders& headers, std::string_view name, std::string_view value) {
    if (!find_header(headers, name)) headers.emplace_back(name, value);
  }

  std::unique_ptr<HttpClient> next_;
  const std::string base_url_;
  const HttpHeaders headers_;
  const uint64_t most_requests_;
  HttpServices services_;
};

Judge make_judge(std::function<Error(const HttpRequest&, const HttpResponse&)> to_error) {
  return [to_error = std::move(to_error)](const HttpRequest& request,
                                          const HttpResponse& response) -> std::optional<Error> {
    const auto& accepted = request.accepted;
    if (std::find(accepted.begin(), accepted.end(), response.status) != accepted.end()) return std::nullopt;
    if (response.status >= 300) return to_error(request, response);
    if (response.status == kNoContent) return std::nullopt;
    const auto defect = json_defect(response.body);
    if (!defect) return std::nullopt;
    return Error(ErrorKind::unavailable, fmt::format("{} answered with status {} and {}",
                                                     describe(request), response.status, *defect));
  };
}

}  // namespace

std::unique_ptr<HttpClient> make_http_client(std::unique_ptr<HttpClient> transport,
                                             HttpOptions options, const HttpServices& services) {
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  if (!options.to_error) options.to_error = error_of_status;

  auto limit = std::make_shared<RateLimit>(options.requests_per_second, services.clock);
  RetryOptions retry;
  retry.attempts = options.attempts;
  retry.judge = make_judge(std::move(options.to_error));
  retry.on_rate_limited = [limit](SteadyTime until) { limit->pause_until(until); };
  retry.seed = std::random_device()();
  auto base = std::make_unique<BaseClient>(std::move(transport), std::move(options), services);
  auto limited = std::make_unique<RateLimitedClient>(std::move(base), limit, services.clock, services.stop);
  return std::make_unique<RetryClient>(std::move(limited), std::move(retry), services);
}

}  // namespace ingestr
