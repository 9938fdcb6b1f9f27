// Keeps SIGPIPE away from one thread for a while.
#pragma once

#include <pthread.h>

#include <csignal>
#include <ctime>

namespace ingestr {

// While it lives, writing to a closed connection is an error code on this thread and no signal.
// OpenSSL writes without MSG_NOSIGNAL, and libcurl leaves signals alone as CURLOPT_NOSIGNAL asks.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    if (sigismember(&before_, SIGPIPE) == 1) return;
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

}  // namespace ingestr
