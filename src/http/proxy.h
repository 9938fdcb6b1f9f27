// The proxy that the environment names.
#pragma once

#include <string>

#include "base/environment.h"

namespace ingestr {

// For addresses of https, or of http, as curl's own command finds it (see http/curl.h); empty: none.
std::string proxy_of(const Environment& environment, bool tls);

}  // namespace ingestr
