// One stop made of two.
#pragma once

#include <stop_token>
#include <utility>

namespace ingestr {

// Its token is requested as soon as one of two others is.
class EitherStop {
 public:
  EitherStop(std::stop_token one, std::stop_token other)
      : one_(std::move(one), Request{source_}), other_(std::move(other), Request{source_}) {}

  std::stop_token token() const { return source_.get_token(); }

 private:
  struct Request {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };

  std::stop_source source_;
  std::stop_callback<Request> one_, other_;
};

}  // namespace ingestr
