#include "http/aws_signature.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace ingestr {
namespace {

// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
std::string signature_of(const std::string& query, const std::string& port = "") {
  const HttpRequest request{.url = "https://examplebucket.s3.amazonaws.com" + port + "/?" + query};
  const AwsKey key{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "", "us-east-1"};
  const SystemTime time = std::chrono::sys_days(std::chrono::year(2013) / 5 / 24);
  const HttpHeaders headers = aws_signature(request, key, "s3", time);
  EXPECT_EQ(find_header(headers, "x-amz-date"), "20130524T000000Z");
  const std::string text(find_header(headers, "Authorization").value_or(""));
  EXPECT_TRUE(text.starts_with("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                               "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="))
      << text;
  return text.substr(text.rfind('=') + 1);
}

TEST(AwsSignature, IsThatOfAmazonsExamples) {
  EXPECT_EQ(signature_of("lifecycle="), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(signature_of("max-keys=2&prefix=J"), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// As curl leaves it out of the header.
TEST(AwsSignature, TheUsualPortIsNotSigned) {
  EXPECT_EQ(signature_of("lifecycle=", ":443"), signature_of("lifecycle="));
  EXPECT_NE(signature_of("lifecycle=", ":80"), signature_of("lifecycle="));
}

TEST(AwsSignature, WithoutAKeyThereIsNone) { EXPECT_TRUE(aws_signature({.url = "https://host/x"}, {}, "s3", {}).empty()); }

}  // namespace
}  // namespace ingestr
