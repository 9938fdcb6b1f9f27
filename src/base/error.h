// The one exception type of the program. Its kind chooses retry and exit code; its text is for people.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace ingestr {

enum class ErrorKind {
  usage,         // the command line, a URI or a table name is wrong; nothing was tried
  auth,          // the other side refuses the credentials or lacks a permission
  not_found,     // the named thing does not exist on the other side
  unavailable,   // timeout, reset, 5xx, unreadable body: trying again may help
  rate_limited,  // told to slow down: trying again later will help
  bad_data,      // the other side sent something that breaks its own contract
  unsupported,   // a valid wish that this program cannot fulfil
  conflict,      // somebody else holds what we need (a locked file)
  constraint,    // a row breaks a rule of the table that it is for (a key that is there already)
  no_memory,     // the embedded engine may not take what this needs
  used_up,       // what the user allows a run is spent
  cancelled,     // the user asked to stop
  internal,      // a bug here
};

// What happened, where, and what to do next, in one sentence that ends without a full stop.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

// What the user has stopped throws, where there is no more to say of it.
Error interrupted();

// Whether an error is that one, whatever place stands in front of its text.
bool is_plainly_interrupted(const Error& error);

// The name of a kind as progress events print it, e.g. "not_found".
std::string_view to_string(ErrorKind kind);

// Runs `work` and puts "place: " in front of the text of an Error on its way out; the kind stays.
template <class Work>
decltype(auto) within(std::string_view place, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const Error& error) {
    throw Error(error.kind(), std::string(place) + ": " + error.what());
  }
}

}  // namespace ingestr
