// One libcurl easy handle, used for one request after the other. Private to curl*.cc.
#pragma once

#include <array>
#include <exception>
#include <memory>
#include <stop_token>
#include <string>

#include <curl/curl.h>

#include "base/error.h"
#include "http/curl.h"

namespace ingestr {

// What all handles of a client have in common.
struct CurlSettings {
  CurlOptions options;
  std::string user_agent;
  std::string http_proxy;   // for URLs of http; empty: none
  std::string https_proxy;  // for URLs of https; empty: none
  std::string no_proxy;     // hosts that are spoken to directly
  std::string ca_file;      // empty: what libcurl was built with
  std::string ca_folder;    // the same
};

// Not thread-safe. The connection stays open between requests.
class CurlTransfer {
 public:
  // `settings`, `share` and `clock` outlive it. Share may be null.
  CurlTransfer(const CurlSettings& settings, CURLSH* share, const Clock& clock,
               std::stop_token stop);

  HttpResponse perform(const HttpRequest& request);  // throws as make_curl_client says

 private:
  void set_up(const HttpRequest& request, const std::string& proxy, curl_slist* headers);
  Error too_large() const;
  static size_t on_header(char* data, size_t one, size_t size, void* self);
  static size_t on_body(char* data, size_t one, size_t size, void* self);
  static int on_departure(void* self, char*, char*, int, int);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  const CurlSettings& settings_;
  CURLSH* const share_;
  const Clock& clock_;
  const std::stop_token stop_;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;

  HttpResponse response_;         // of the request under way
  std::stop_token unwanted_;      // its
  std::exception_ptr exception_;  // thrown inside of a callback, where it must not leave
  std::array<char, CURL_ERROR_SIZE> explanation_{};  // libcurl's, of what went wrong
  curl_off_t moved_ = 0;                             // bytes in both directions so far
  SteadyTime moved_at_{};                            // when the last of them moved
  bool stalled_ = false;
  long departures_ = 0;     // how often the request left, redirects included
  bool repeated_ = false;   // libcurl wanted to send it again by itself
  size_t last_size_ = 0;  // of the body before: pages of one table are of one size
};

}  // namespace ingestr
