#include "http/curl_transfer.h"

#include <algorithm>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "http/curl_error.h"

namespace ingestr {
namespace {

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// What a server may make us reserve by its Content-Length alone.
constexpr size_t kLargestReserve = size_t{64} << 20;

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  // In parentheses because the macro of that name cannot check what a template hands on.
  if (const CURLcode code = (curl_easy_setopt)(handle, option, value); code != CURLE_OK) {
    throw Error(ErrorKind::internal,
                fmt::format("libcurl refuses option {} ({})", static_cast<int>(option),
                            curl_easy_strerror(code)));
  }
}

void set_text(CURL* handle, CURLoption option, const std::string& text) {
  set(handle, option, text.c_str());
}

curl_off_t info(CURL* handle, CURLINFO which) {
  curl_off_t value = 0;
  (curl_easy_getinfo)(handle, which, &value);
  return value;
}

void append(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

HeaderList make_headers(const HttpRequest& request) {
  HeaderList list(nullptr, curl_slist_free_all);
  for (const auto& [name, value] : request.headers) {
    // libcurl would send a line break as it is: a second header. Keys that were pasted have them.
    if ((name + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      throw Error(
          ErrorKind::usage,
          fmt::format("the value for the header {} has a line break in it", shorten(name, 40)));
    }
    append(list, value.empty() ? name + ";" : name + ": " + value);
  }
  // Without these two libcurl adds its own: a form, and for large bodies a question that costs a
  // round trip.
  if (!find_header(request.headers, "Content-Type")) append(list, "Content-Type:");
  append(list, "Expect:");
  return list;
}

}  // namespace

CurlTransfer::CurlTransfer(const CurlSettings& settings, CURLSH* share, const Clock& clock,
                           std::stop_token stop)
    : settings_(settings),
      share_(share),
      clock_(clock),
      stop_(std::move(stop)),
      handle_(curl_easy_init(), curl_easy_cleanup) {
  if (!handle_) throw std::bad_alloc();
}

HttpResponse CurlTransfer::perform(const HttpRequest& request) {
  throw_if_stopped(stop_);
  const std::string server = host_and_port(request.url);
  const bool secure = to_lower(request.url.substr(0, 6)) == "https:";
  const std::string& proxy = secure ? settings_.https_proxy : settings_.http_proxy;
  const HeaderList headers = make_headers(request);
  set_up(request, proxy, headers.get());

  response_ = {};
  unwanted_ = request.unwanted;
  exception_ = nullptr;
  explanation_[0] = '\0';
  stalled_ = false;
  departures_ = 0;
  repeated_ = false;
  moved_ = 0;
  const SteadyTime start = moved_at_ = clock_.steady();
  CURLcode code = curl_easy_perform(handle_.get());
  if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
  const std::chrono::microseconds before_sending(info(handle_.get(), CURLINFO_PRETRANSFER_TIME_T));
  if (code != CURLE_OK) {
    long system_error = 0;
    (curl_easy_getinfo)(handle_.get(), CURLINFO_OS_ERRNO, &system_error);
    if (stalled_) code = CURLE_OPERATION_TIMEDOUT;
    if (repeated_) code = CURLE_GOT_NOTHING;
    const char* reached = nullptr;  // behind redirects
    (curl_easy_getinfo)(handle_.get(), CURLINFO_EFFECTIVE_URL, &reached);
    const std::string there = reached == nullptr || *reached == '\0' ? server : host_and_port(reached);
    throw error_of_curl({.code = code,
                         .server = there == server ? server : fmt::format("{}, where {} redirects to,", there, server),
                         .proxy = proxy.empty() ? "" : host_and_port(proxy),
                         .explanation = explanation_.data(),
                         .system_error = static_cast<int>(system_error),
                         .connected = before_sending.count() > 0,
                         .received = response_.body.size()},
                        settings_.options);
  }
  long status = 0;
  (curl_easy_getinfo)(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  response_.answered_at = start + std::chrono::microseconds(info(handle_.get(), CURLINFO_STARTTRANSFER_TIME_T));
  last_size_ = response_.body.size();
  if (response_.body.capacity() < last_size_ + kBodyPadding) {
    response_.body.reserve(last_size_ + kBodyPadding);
  }
  return std::exchange(response_, {});
}

void CurlTransfer::set_up(const HttpRequest& request, const std::string& proxy,
                          curl_slist* headers) {
  CURL* const handle = handle_.get();
  curl_easy_reset(handle);  // the options; connections, names and TLS sessions stay
  const bool secure = to_lower(request.url.substr(0, 6)) == "https:";

  set_text(handle, CURLOPT_URL, request.url);
  set(handle, CURLOPT_PATH_AS_IS, 1L);  // ".." may be a name, and must not become another path
  if (request.method == "HEAD") {
    set(handle, CURLOPT_NOBODY, 1L);
  } else if (request.method == "POST" || !request.body.empty()) {
    set(handle, CURLOPT_POST, 1L);
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set_text(handle, CURLOPT_POSTFIELDS, request.body);  // not copied
  }
  if (request.method != "HEAD" && request.method != "GET" && request.method != "POST") {
    set_text(handle, CURLOPT_CUSTOMREQUEST, request.method);
  }
  set(handle, CURLOPT_HTTPHEADER, headers);
  set_text(handle, CURLOPT_USERAGENT, settings_.user_agent);
  set(handle, CURLOPT_ACCEPT_ENCODING, "");
  if (!request.repeatable) set(handle, CURLOPT_FRESH_CONNECT, 1L);

  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(settings_.options.connect_timeout.count()));
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_FOLLOWLOCATION, request.follows_redirects ? 1L : 0L);
  set(handle, CURLOPT_MAXREDIRS, 5L);
  set(handle, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
  set(handle, CURLOPT_POSTREDIR, static_cast<long>(CURL_REDIR_POST_301 | CURL_REDIR_POST_302));

  // Set even when empty, or libcurl would look into the environment itself.
  set_text(handle, CURLOPT_PROXY, proxy);
  set_text(handle, CURLOPT_NOPROXY, settings_.no_proxy);
  set(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!settings_.ca_file.empty()) set_text(handle, CURLOPT_CAINFO, settings_.ca_file);
  if (!settings_.ca_folder.empty()) set_text(handle, CURLOPT_CAPATH, settings_.ca_folder);
  if (share_ != nullptr) set(handle, CURLOPT_SHARE, share_);

  set(handle, CURLOPT_ERRORBUFFER, explanation_.data());
  set(handle, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(handle, CURLOPT_HEADERDATA, this);
  set(handle, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(handle, CURLOPT_WRITEDATA, this);
  set(handle, CURLOPT_PREREQFUNCTION, &CurlTransfer::on_departure);
  set(handle, CURLOPT_PREREQDATA, this);
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_XFERINFOFUNCTION, &CurlTransfer::on_progress);
  set(handle, CURLOPT_XFERINFODATA, this);
}

size_t CurlTransfer::on_header(char* data, size_t, size_t size, void* self) {
  auto* const transfer = static_cast<CurlTransfer*>(self);
  HttpResponse& response = transfer->response_;
  try {
    const std::string_view line(data, size);
    if (line.starts_with("HTTP/")) {
      // The first line of an answer: what came before was an interim one (1xx) or a redirect.
      response.headers.clear();
      response.body.clear();
    } else if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
      response.headers.emplace_back(to_lower(trim(line.substr(0, colon))),
                                    trim(line.substr(colon + 1)));
    }
    return size;
  } catch (...) {
    transfer->exception_ = std::current_exception();
    return 0;
  }
}

size_t CurlTransfer::on_body(char* data, size_t, size_t size, void* self) {
  auto* const transfer = static_cast<CurlTransfer*>(self);
  std::string& body = transfer->response_.body;
  try {
    if (body.empty()) {
      // So that it need not grow step by step, which would leave up to twice the memory behind.
      // Content-Length is of the compressed body, if so; the body before tells more.
      const curl_off_t announced =
          info(transfer->handle_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
      const size_t expected = std::max(static_cast<size_t>(std::max<curl_off_t>(announced, 0)),
                                       transfer->last_size_ + transfer->last_size_ / 16);
      body.reserve(std::min(expected, kLargestReserve) + kBodyPadding);
    }
    if (size > transfer->settings_.options.largest_body - body.size()) throw transfer->too_large();
    body.append(data, size);
    return size;
  } catch (...) {
    transfer->exception_ = std::current_exception();
    return 0;
  }
}

Error CurlTransfer::too_large() const {
  const char* reached = nullptr;
  (curl_easy_getinfo)(handle_.get(), CURLINFO_EFFECTIVE_URL, &reached);
  return Error(ErrorKind::bad_data,
               fmt::format("the answer of {} is larger than {}; ask for smaller pages with page_size",
                           host_and_port(reached == nullptr ? "" : reached), human_bytes(settings_.options.largest_body)));
}

// Called when the request is about to leave. libcurl would send it again by itself when a connection
// that served before breaks without an answer; the server may have counted it, so to repeat it is the
// business of RetryClient, which counts it too and keeps the rate limit.
int CurlTransfer::on_departure(void* self, char*, char*, int, int) {
  auto* const transfer = static_cast<CurlTransfer*>(self);
  long redirects = 0;
  (curl_easy_getinfo)(transfer->handle_.get(), CURLINFO_REDIRECT_COUNT, &redirects);
  transfer->repeated_ = ++transfer->departures_ > 1 + redirects;
  return transfer->repeated_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

// Called about once a second at least.
int CurlTransfer::on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t,
                              curl_off_t sent) {
  auto* const transfer = static_cast<CurlTransfer*>(self);
  if (transfer->stop_.stop_requested() || transfer->unwanted_.stop_requested()) return 1;
  // libcurl's own low speed limit works with an average of several seconds, which made 1 s four.
  const SteadyTime now = transfer->clock_.steady();
  if (received + sent != transfer->moved_) {
    transfer->moved_ = received + sent;
    transfer->moved_at_ = now;
  }
  transfer->stalled_ = now - transfer->moved_at_ >= transfer->settings_.options.stall_timeout;
  return transfer->stalled_ ? 1 : 0;
}

}  // namespace ingestr
