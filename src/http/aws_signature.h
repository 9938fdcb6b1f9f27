// Signatures of requests as Amazon's stores, and those that speak their language, want them: AWS Signature Version 4.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/client.h"

namespace ingestr {

struct AwsKey {
  std::string id;  // empty: requests are not signed
  std::string secret;
  std::string session_token;  // empty: none
  std::string region;
};

// The headers that sign the request at that time. Its URL has no user name, its path and its query are percent-encoded, the query
// sorted by name. See https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
HttpHeaders aws_signature(const HttpRequest& request, const AwsKey& key, std::string_view service, SystemTime now);

}  // namespace ingestr
