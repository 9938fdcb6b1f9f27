#include "http/proxy.h"

namespace ingestr {

std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (auto value = environment.get(name)) return *value;
  }
  return {};
}

std::string proxy_of(const Environment& environment, bool tls) {
  return tls ? first_of(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
             : first_of(environment, {"http_proxy", "all_proxy", "ALL_PROXY"});
}

}  // namespace ingestr
