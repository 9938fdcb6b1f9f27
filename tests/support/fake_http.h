// A server that is a function: for tests of what stands above HTTP.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "http/client.h"

namespace ingestr {

// Thread-safe. Outlives the clients it makes.
class FakeHttp {
 public:
  // May throw what a transport throws. Called by one thread at a time.
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  explicit FakeHttp(Handler handler) : handler_(std::move(handler)) {}

  // Answers the first request with the first function, and so on; the last one answers all that
  // follow.
  explicit FakeHttp(std::vector<std::function<HttpResponse()>> script)
      : handler_([script = std::move(script), next = size_t{0}](const HttpRequest&) mutable {
          const auto& answer = script.at(next);
          if (next + 1 < script.size()) ++next;
          return answer();
        }) {}

  std::unique_ptr<HttpClient> client() { return std::make_unique<Client>(*this); }

  // All requests so far, in the order they came.
  std::vector<HttpRequest> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  class Client final : public HttpClient {
   public:
    explicit Client(FakeHttp& server) : server_(server) {}
    HttpResponse send(const HttpRequest& request) override {
      std::lock_guard lock(server_.mutex_);
      server_.requests_.push_back(request);
      HttpResponse response = server_.handler_(request);
      response.body.reserve(response.body.size() + kBodyPadding);
      return response;
    }

   private:
    FakeHttp& server_;
  };

  mutable std::mutex mutex_;
  Handler handler_;
  std::vector<HttpRequest> requests_;
};

// An answer. Header names in lower case.
inline HttpResponse answer(int status, std::string body, HttpHeaders headers = {}) {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

}  // namespace ingestr
