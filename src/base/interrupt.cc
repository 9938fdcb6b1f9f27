#include "base/interrupt.h"

#include <utility>

#include "base/error.h"
#include "base/forced_end.h"

namespace ingestr {

void throw_if_stopped(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
}

Interrupt::Interrupt(std::stop_token stop, std::function<void()> wake) : stop_(std::move(stop)) {
  if (stop_.stop_possible()) callback_.emplace(stop_, std::move(wake));
}

bool Interrupt::settle() {
  if (!stop_.stop_requested()) return false;
  const Waiting waiting;  // it may ask a server
  callback_.reset();
  return true;
}

}  // namespace ingestr
