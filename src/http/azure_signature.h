// Signatures of requests as Azure's blob stores want them: Shared Key.
#pragma once

#include <string>

#include "base/clock.h"
#include "http/client.h"

namespace ingestr {

struct AzureKey {
  std::string account;
  std::string key;        // in base64; empty: requests are not signed
  std::string sas_token;  // a signature that somebody else has made, which is part of the URL; empty: none
};

// Throws Error(usage) for a key that is no base64.
void check_azure_key(const std::string& key);

// The headers that sign the request at that time, with those that its version wants. All `x-ms-` headers of the request are signed;
// of others it has none but Content-Type and Content-Length. The query of its URL is percent-encoded. Throws what
// check_azure_key() throws. See https://learn.microsoft.com/en-us/rest/api/storageservices/authorize-with-shared-key
HttpHeaders azure_signature(const HttpRequest& request, const AzureKey& key, SystemTime now);

}  // namespace ingestr
