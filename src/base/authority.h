// Authority: who asks which server, as a URI says it: user:password@host:port.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secrets.h"

namespace ingestr {

struct Authority {
  std::string user;
  std::string password;
  std::string host;
  uint16_t port = 0;

  // "127.0.0.1:5432", "[::1]:22": what people may see of it.
  std::string server() const;
};

// Each part may be percent-encoded; the last "@" ends the user. The password is made known to `secrets`. Throws Error(usage) when
// there is no host or the port is none; `form` is how such a URI is written.
Authority parse_authority(std::string_view text, uint16_t default_port, std::string_view form, Secrets& secrets);

}  // namespace ingestr
