// What libcurl's error codes mean for us. Private to curl*.cc.
#pragma once

#include <cstdint>
#include <string>

#include <curl/curl.h>

#include "base/error.h"
#include "http/curl.h"

namespace ingestr {

// A transfer that brought no whole answer.
struct CurlFailure {
  CURLcode code = CURLE_OK;
  std::string server{};       // "api.attio.com:443"
  std::string proxy{};        // "proxy.corp:3128", when the environment names one
  std::string explanation{};  // libcurl's own, may be empty
  int system_error = 0;       // errno of the connection attempt, 0 when there is none
  bool connected = false;     // the request could leave
  uint64_t received = 0;      // bytes of the body, decompressed
};

// The Error for it, in one sentence; see make_curl_client for the kinds.
Error error_of_curl(const CurlFailure& failure, const CurlOptions& options);

// "host:port" of a URL, without anything else of it. Throws Error(usage) for a text that is no URL.
std::string host_and_port(const std::string& url);

}  // namespace ingestr
