// Access: which keys are good, and what they may do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.h"

namespace sandbox {

class Access {
 public:
  // Empty lists stand for the built-in keys (key_123, demo) and for all read scopes.
  Access(std::vector<std::string> keys, std::vector<std::string> scopes);

  // The refusal of an ordinary request, or nothing. `authorization` is the header: Bearer, or Basic
  // with the key as user.
  std::optional<Reply> refuse(std::string_view authorization) const;

  // GET /v2/self has rules of its own: no refusal for a key that only looks like one, but an answer
  // that it is not active.
  std::optional<Reply> refuse_self(std::string_view authorization) const;

  // A scope "x:read-write" covers "x:read".
  bool has(std::string_view scope) const;

  // The refusal if one of these is missing; they are separated by spaces.
  std::optional<Reply> refuse_scopes(std::string_view scopes) const;

  // Separated by spaces, in alphabetical order.
  std::string scopes_text() const;

 private:
  bool knows(std::string_view key) const;

  std::vector<std::string> keys_;
  std::vector<std::string> scopes_;
};

}  // namespace sandbox
