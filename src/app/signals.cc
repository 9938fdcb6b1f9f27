#include "app/signals.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "app/attempt.h"
#include "base/forced_end.h"

namespace ingestr {
namespace {

constexpr std::chrono::milliseconds kPatience(1000);
constexpr timespec kBetweenLooks{.tv_sec = 0, .tv_nsec = 50'000'000};

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before = {};
    sigaction(signal, nullptr, &before);
    // A shell starts background jobs with SIGINT ignored: the key is not meant for them. nohup(1) does so with SIGHUP.
    if (before.sa_handler != SIG_IGN) sigaddset(&signals, signal);
  }
  return signals;
}

[[noreturn]] void watch(const sigset_t& signals, std::stop_source stop) {
  for (int signal = 0; sigwait(&signals, &signal) != 0;) {
  }
  const auto asked = std::chrono::steady_clock::now();
  // What is called then may wait for a server itself, to cancel what it does.
  std::thread([stop]() mutable { stop.request_stop(); }).detach();
  while (true) {
    const bool asked_again = sigtimedwait(&signals, nullptr, &kBetweenLooks) >= 0;
    const auto now = std::chrono::steady_clock::now(), began = longest_wait_began();
    const bool waits = began <= now && now - std::max(began, asked) >= kPatience;
    if (waits || (asked_again && now - asked >= kPatience)) end_by_force(kInterrupted);
  }
}

}  // namespace

void watch_signals(std::stop_source stop) {
  std::signal(SIGPIPE, SIG_IGN);  // whoever reads our output, or has a connection with us, may leave
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is told of as a disk that is full
  const sigset_t signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals, stop] { watch(signals, stop); }).detach();
}

}  // namespace ingestr
