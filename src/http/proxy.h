// The proxy that the environment names, and what else it says by variables of several names.
#pragma once

#include <initializer_list>
#include <string>

#include "base/environment.h"

namespace ingestr {

// The first of these variables that is set; empty: none is.
std::string first_of(const Environment& environment, std::initializer_list<const char*> names);

// For addresses of https, or of http, as curl's own command finds it (see http/curl.h); empty: none.
std::string proxy_of(const Environment& environment, bool tls);

}  // namespace ingestr
