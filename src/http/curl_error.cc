#include "http/curl_error.h"

#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "base/text.h"

namespace ingestr {
namespace {

std::string reason_of(const CurlFailure& failure) {
  return failure.explanation.empty() ? curl_easy_strerror(failure.code) : failure.explanation;
}

std::string connection_text(const CurlFailure& failure) {
  std::string reason = failure.system_error != 0
                           ? std::generic_category().message(failure.system_error)
                           : reason_of(failure);
  // libcurl 7.88 does not tell whether it took the proxy; whoever set one will know.
  if (!failure.proxy.empty()) reason += "; the environment sets the proxy " + failure.proxy;
  return fmt::format("cannot connect to {} ({})", failure.server, reason);
}

std::string in_seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.3g} s", std::chrono::duration<double>(time).count());
}

std::string timeout_text(const CurlFailure& failure, const CurlOptions& options) {
  if (!failure.connected) {
    return fmt::format("cannot connect to {} within {}", failure.server,
                       in_seconds(options.connect_timeout));
  }
  if (failure.received == 0) {
    return fmt::format("{} sent no answer for {}", failure.server,
                       in_seconds(options.stall_timeout));
  }
  return fmt::format("{} stopped sending after {} and was silent for {}", failure.server,
                     human_bytes(failure.received), in_seconds(options.stall_timeout));
}

std::string broken_text(const CurlFailure& failure) {
  if (failure.received == 0) {
    return fmt::format("{} closed the connection without an answer", failure.server);
  }
  return fmt::format("{} broke off its answer after {}", failure.server,
                     human_bytes(failure.received));
}

Error unavailable(const std::string& text) {
  return Error(ErrorKind::unavailable, text);
}

// Trying again would not help: the cure is here.
Error unverified(const CurlFailure& failure) {
  return Error(
      ErrorKind::bad_data,
      fmt::format("the certificate of {} cannot be verified ({}); if a proxy of yours signs "
                  "it, name the file with its root certificate in SSL_CERT_FILE",
                  failure.server, reason_of(failure)));
}

}  // namespace

Error error_of_curl(const CurlFailure& failure, const CurlOptions& options) {
  // An enum of libcurl that grows with each version, hence a default.
  switch (failure.code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return interrupted();
    case CURLE_COULDNT_RESOLVE_HOST:
      return unavailable(fmt::format(
          "cannot find the host of {}; is its name right and the network up?", failure.server));
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unavailable(fmt::format("cannot find the host of the proxy {}", failure.proxy));
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PROXY:
      return unavailable(connection_text(failure));
    case CURLE_OPERATION_TIMEDOUT:
      return unavailable(timeout_text(failure, options));
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return unavailable(failure.connected ? broken_text(failure) : connection_text(failure));
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR:
      return unavailable(fmt::format("the answer of {} cannot be decompressed", failure.server));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return unverified(failure);
    case CURLE_TOO_MANY_REDIRECTS:
      return Error(ErrorKind::bad_data, fmt::format("{} redirects in circles", failure.server));
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Error(ErrorKind::bad_data,
                   fmt::format("{} is neither http nor https, or redirects to what is not as safe",
                               failure.server));
    case CURLE_URL_MALFORMAT:
      return Error(ErrorKind::usage, "a URL of the form https://host/path is needed");
    case CURLE_OUT_OF_MEMORY:
      return Error(ErrorKind::internal, "libcurl ran out of memory");
    default:
      return unavailable(
          fmt::format("the request to {} failed ({})", failure.server, reason_of(failure)));
  }
}

std::string host_and_port(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  const auto part = [&](CURLUPart which, unsigned flags) -> std::string {
    char* text = nullptr;
    if (curl_url_get(parsed.get(), which, &text, flags) != CURLUE_OK) return {};
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
    return text;
  };
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                   CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    // The text itself may hold a password.
    throw Error(ErrorKind::usage, "a URL of the form https://host/path is needed");
  }
  const std::string port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT);
  return part(CURLUPART_HOST, 0) + (port.empty() ? "" : ":" + port);
}

}  // namespace ingestr
