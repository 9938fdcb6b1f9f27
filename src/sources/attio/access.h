// What the API key may do, as GET /v2/self says.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "http/client.h"

namespace ingestr::attio {

struct Access {
  std::string workspace_id;
  std::string workspace_name;
  std::string workspace_slug;
  std::vector<std::string> scopes;

  // "task:read" is also held by "task:read-write".
  bool has(const std::string& scope) const;
};

// Asks once and remembers. Thread-safe.
class AccessCheck {
 public:
  explicit AccessCheck(HttpClient& http) : http_(http) {}

  // Nothing when the server does not know /self (a proxy in between). Throws Error(auth) when the key is no good:
  // Attio answers 200 and `"active": false` to a key that it does not know.
  const std::optional<Access>& get();
  // Throws Error(auth) naming the scopes that are missing; says nothing when get() knows nothing.
  void require(const std::vector<std::string>& scopes);

 private:
  HttpClient& http_;
  std::mutex mutex_;
  bool asked_ = false;
  std::optional<Access> access_;
};

// The sentence for a key that Attio refuses; `says` is Attio's own message or empty.
Error bad_key(const std::string& says);

}  // namespace ingestr::attio
