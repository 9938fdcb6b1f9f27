#include "http/proxy.h"

#include <initializer_list>

namespace ingestr {

std::string proxy_of(const Environment& environment, bool tls) {
  for (const char* name : {tls ? "https_proxy" : "http_proxy", tls ? "HTTPS_PROXY" : "http_proxy", "all_proxy", "ALL_PROXY"}) {
    if (auto value = environment.get(name)) return *value;
  }
  return {};
}

}  // namespace ingestr
