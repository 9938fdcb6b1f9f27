// What becomes of a process that was asked to stop while one of its threads waits for others, in a library that nobody can
// interrupt: it undoes what destructors would have undone, and ends without them.
//
// All of this is of the process, as its signals are: there is one of it. Thread-safe.
#pragma once

#include <functional>
#include <list>

#include "base/clock.h"

namespace ingestr {

// The thread waits for others while one lives: a database server, a web server, the embedded engine that asks them. Not where
// changes become durable: who cuts that off cannot say what became of them.
class Waiting {
 public:
  Waiting();
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  std::list<SteadyTime>::iterator begin_;
};

// When the wait that lasts longest began; SteadyTime::max() when nobody waits.
SteadyTime longest_wait_began();

// What is still to be done when the process ends by force while one lives: files to be removed, words to be said. Not done otherwise,
// and never after the destructor, which does not return once the process ends by force.
class AtForcedEnd {
 public:
  explicit AtForcedEnd(std::function<void()> work);
  ~AtForcedEnd();
  AtForcedEnd(const AtForcedEnd&) = delete;
  AtForcedEnd& operator=(const AtForcedEnd&) = delete;

 private:
  std::list<std::function<void()>>::iterator place_;
};

// Does all that, what came last first, for three seconds at most, and ends the process. Runs no destructor.
[[noreturn]] void end_by_force(int status);

}  // namespace ingestr
