#include "base/interrupt.h"

#include <utility>

#include "base/error.h"
#include "base/forced_end.h"

namespace ingestr {

void throw_if_stopped(const std::stop_token& stop) {
  if (stop.stop_requested()) throw interrupted();
}

void despite_stop(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::cancelled) throw;
    work();
  }
}

Interrupt::Interrupt(std::stop_token stop, std::function<void()> wake) : stop_(std::move(stop)), wake_(std::move(wake)) { listen(); }

bool Interrupt::settle() {
  if (!stop_.stop_requested()) return false;
  be_deaf();
  return true;
}

void Interrupt::listen() {
  if (stop_.stop_possible()) callback_.emplace(stop_, [this] { wake_(); });
}

void Interrupt::be_deaf() {
  const Waiting waiting;  // what is woken may ask a server
  callback_.reset();
}

Interrupt::Pause::Pause(Interrupt& interrupt) : interrupt_(interrupt) { interrupt_.be_deaf(); }

Interrupt::Pause::~Pause() {
  if (!interrupt_.stop_.stop_requested()) interrupt_.listen();
}

}  // namespace ingestr
