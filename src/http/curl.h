// HTTP by libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "http/client.h"
#include "http/services.h"

namespace ingestr {

struct CurlOptions {
  // For the name, the connection and TLS together.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  // Without a byte in either direction, checked about once a second. The time in which a server
  // thinks counts too.
  std::chrono::milliseconds stall_timeout = std::chrono::seconds(60);
  uint64_t largest_body = 1'000'000'000;  // bytes, decompressed
};

// Sends with libcurl, any number of requests at once: each borrows a handle with a connection of
// its own, which is kept alive for the next one. HTTP/2 where TLS negotiates it. All compressions
// that libcurl knows. `User-Agent: ingestr/<version>`. Of `services` the counters and the log are
// not used.
//
// From the environment, as curl's own command does it: http_proxy (lower case only, because a CGI
// program gets HTTP_PROXY from its client; main() takes it for http_proxy elsewhere), https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY,
// no_proxy, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR. Read once, here.
//
// Up to 5 redirects are followed, from https to https only; a POST stays a POST but for 303.
// Authorization and Cookie headers stay behind when scheme, host or port change; other headers do
// not, so that secrets belong into those two, or the request is one that follows no redirects.
//
// send() throws Error(unavailable) when the server cannot be reached, breaks off or stalls,
// Error(bad_data) when its certificate cannot be verified or a body is too large, Error(usage) for a URL that is none,
// Error(cancelled) within about a second of the stop. Their texts name host and port, never a path,
// a query or a header. A request that is not repeatable is sent on a fresh connection, because
// libcurl itself repeats what fails on a connection that had died of age.
std::unique_ptr<HttpClient> make_curl_client(const HttpServices& services,
                                             const CurlOptions& options = {});

}  // namespace ingestr
