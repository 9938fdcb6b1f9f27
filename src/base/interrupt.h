// How work that the user stops ends before its time: who does it looks at a std::stop_token, and what blocks is woken.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>

namespace ingestr {

// Throws Error(cancelled) once the stop is requested.
void throw_if_stopped(const std::stop_token& stop);

// Does what is to be done whether the user stops the run or not, as cleaning up is: a stop is requested once, so what it has cut off is
// done once more. Throws what `work` throws, which can be done twice.
void despite_stop(const std::function<void()>& work);

// Wakes a call that blocks, when the stop is requested: the thread that requests it runs `wake` then, once. What `wake` needs outlives
// the Interrupt, whose destructor waits for one that is running. One thread at a time.
class Interrupt {
 public:
  Interrupt(std::stop_token stop, std::function<void()> wake);
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Whether the stop is requested. If it is, no `wake` is running any more when this returns, and none is to come: calls that follow, such
  // as what a stopped run cleans up with, are left alone.
  bool settle();

  // While one lives nothing is woken, nor is later what a stop meanwhile would have woken.
  class Pause {
   public:
    explicit Pause(Interrupt& interrupt);
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    Interrupt& interrupt_;
  };

 private:
  void listen();
  void be_deaf();

  std::stop_token stop_;
  std::function<void()> wake_;
  std::optional<std::stop_callback<std::function<void()>>> callback_;  // nothing: no stop is possible, it is over, or a Pause lives
};

}  // namespace ingestr
