#include "sources/attio/attio.h"

#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "http/http.h"
#include "http/rate_limit.h"
#include "sources/attio/answer.h"
#include "sources/attio/endpoint.h"
#include "sources/attio/table.h"

namespace ingestr {
namespace {

constexpr std::string_view kKeyVariable = "ATTIO_API_KEY";
constexpr std::string_view kBaseUrl = "https://api.attio.com/v2";
constexpr uint64_t kPageSize = 500;         // Attio's documented default
constexpr uint64_t kLargestPageSize = 1000;  // the largest maximum that Attio documents for any endpoint
constexpr uint64_t kParallelism = 32;
constexpr double kRequestsPerSecond = 100;  // https://docs.attio.com/rest-api/guides/rate-limiting

// Notes are limited to 10 requests a second for the time being (Attio's changelog).
constexpr double kSlowRequestsPerSecond = 10;

class AttioSource final : public Source {
 public:
  AttioSource(std::unique_ptr<HttpClient> http, const Context& context, uint64_t page_size, size_t parallelism,
              attio::Values values)
      : http_(std::move(http)),
        slow_http_(std::make_unique<Borrowed>(*http_),
                   std::make_shared<RateLimit>(kSlowRequestsPerSecond, context.clock), context.clock, context.stop),
        access_(*http_),
        session_{*http_, slow_http_, access_, context.counters, context.log, page_size, parallelism, values} {}

  std::unique_ptr<Table> table(std::string_view name) override { return attio::open_table(name, session_); }

  std::vector<TableInfo> tables() override { return attio::list_tables(session_); }

  AccountInfo check() override {
    const std::optional<attio::Access>& access = access_.get();
    if (!access) {
      throw Error(ErrorKind::unavailable,
                  "the server does not answer GET /self as Attio does, so the key cannot be checked; check base_url in "
                  "--source-uri");
    }
    return {fmt::format("workspace {} ({})", access->workspace_name, access->workspace_slug), access->scopes};
  }

  std::vector<std::string> expand(std::string_view pattern) override {
    return attio::expand_tables(pattern, session_);
  }

 private:
  class Borrowed final : public HttpClient {
   public:
    explicit Borrowed(HttpClient& http) : http_(http) {}
    HttpResponse send(const HttpRequest& request) override { return http_.send(request); }

   private:
    HttpClient& http_;
  };

  std::unique_ptr<HttpClient> http_;
  RateLimitedClient slow_http_;
  attio::AccessCheck access_;
  attio::Session session_;
};

std::string api_key(const Uri& uri, const Context& context) {
  std::string key = uri.parameter("api_key").value_or("");
  const bool is_in_uri = !key.empty();
  if (!is_in_uri) key = context.environment.get(std::string(kKeyVariable)).value_or("");
  if (key.empty()) {
    throw Error(ErrorKind::usage,
                "--source-uri has no api_key; write attio://?api_key=YOUR_KEY or set the environment variable ATTIO_API_KEY");
  }
  // It travels in a header line, which it must not be able to end.
  for (const char c : key) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) {
      throw Error(ErrorKind::usage, fmt::format("{} holds a space or a control character; copy it again",
                                                is_in_uri ? "the api_key of --source-uri"
                                                          : fmt::format("the environment variable {}", kKeyVariable)));
    }
  }
  context.secrets.add(key);
  return key;
}

// The host between "://" and the next "/", ":" or the end.
bool is_loopback(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  const std::string_view host = url.starts_with('[') ? url.substr(0, url.find(']') + 1) : url.substr(0, url.find_first_of("/:"));
  return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

std::string base_url(const Uri& uri, const Context& context) {
  std::string url = uri.parameter("base_url").value_or(std::string(kBaseUrl));
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw Error(ErrorKind::usage, "base_url in --source-uri must start with https:// or http://");
  }
  while (url.ends_with('/')) url.pop_back();
  if (url.find('/', url.find("://") + 3) == std::string::npos) url += "/v2";
  if (url.starts_with("http://") && !is_loopback(url)) {
    context.log.warning("base_url in --source-uri is http://, so the API key travels unencrypted; use https://");
  }
  return url;
}

std::optional<uint64_t> number(const std::string& text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

uint64_t page_size(const Uri& uri, const SourceOptions& options, const Context& context) {
  if (options.page_size) {
    // Scripts give --page-size for databases, where 25,000 is usual.
    if (*options.page_size > kLargestPageSize) {
      context.log.info(fmt::format("Attio is asked for pages of {} rows; --page-size is more than it gives", kLargestPageSize));
    }
    return std::min(*options.page_size, kLargestPageSize);
  }
  const std::optional<std::string> text = uri.parameter("page_size");
  if (!text) return kPageSize;
  const std::optional<uint64_t> size = number(*text);
  if (!size || *size < 1 || *size > kLargestPageSize) {
    throw Error(ErrorKind::usage,
                fmt::format("page_size in --source-uri must be a number from 1 to {}", kLargestPageSize));
  }
  return *size;
}

// 0: any number.
uint64_t most_requests(const Uri& uri) {
  const std::optional<std::string> text = uri.parameter("max_requests");
  if (!text) return 0;
  const std::optional<uint64_t> most = number(*text);
  if (!most || *most < 1) throw Error(ErrorKind::usage, "max_requests in --source-uri must be a number from 1 on");
  return *most;
}

attio::Values values(const Uri& uri) {
  const std::string mode = uri.parameter("values").value_or("json");
  if (mode == "json") return attio::Values::json;
  if (mode == "columns") return attio::Values::columns;
  if (mode == "both") return attio::Values::both;
  throw Error(ErrorKind::usage, "values in --source-uri must be json, columns or both");
}

// `attio://api_key=K` means the same as `attio://?api_key=K`.
Uri with_parameters(Uri uri) {
  if (uri.rest.empty()) return uri;
  if (uri.rest.find('=') == std::string::npos) {
    throw Error(ErrorKind::usage, "an Attio URI has nothing between :// and ?; write attio://?api_key=YOUR_KEY");
  }
  for (auto& parameter : parse_parameters(uri.rest)) uri.parameters.push_back(std::move(parameter));
  uri.rest.clear();
  return uri;
}

std::unique_ptr<Source> open_source(const Uri& given, const SourceOptions& options, const Context& context) {
  const Uri uri = with_parameters(given);
  check_parameters(attio_connector(), uri);
  HttpOptions http;
  http.headers = {{"Authorization", "Bearer " + api_key(uri, context)}};
  http.base_url = base_url(uri, context);
  http.requests_per_second = kRequestsPerSecond;
  http.most_requests = most_requests(uri);
  http.to_error = attio::to_error;
  const HttpServices services{context.clock, context.environment, context.log, context.counters, context.stop};
  const size_t parallelism = options.parallelism.value_or(kParallelism);
  const uint64_t rows = page_size(uri, options, context);
  std::unique_ptr<HttpClient> transport = context.transport ? context.transport() : make_curl_client(services);
  return std::make_unique<AttioSource>(make_http_client(std::move(transport), std::move(http), services), context, rows,
                                       parallelism, values(uri));
}

}  // namespace

Connector attio_connector() {
  Connector connector;
  connector.schemes = {"attio"};
  connector.title = "Attio";
  connector.example_uri = "attio://?api_key=YOUR_KEY";
  connector.parameters = {
      {.name = "api_key",
       .description = "an API key of the workspace",
       .required = true,
       .secret = true,
       .variable = std::string(kKeyVariable)},
      {.name = "base_url",
       .description = "where the API is, for proxies and tests",
       .default_text = std::string(kBaseUrl)},
      {.name = "page_size",
       .description = "rows asked for in one request, 1 to 1000",
       .default_text = std::to_string(kPageSize)},
      {.name = "max_requests",
       .description = "that a run sends at most, retries and pages read ahead included; what needs more fails, and its table stays as it was",
       .default_text = "any number"},
      {.name = "values",
       .description = "how attribute values are loaded: json, columns (one typed column each) or both",
       .default_text = "json"},
  };
  connector.open_source = open_source;
  connector.finds_primary_keys = true;
  return connector;
}

}  // namespace ingestr
