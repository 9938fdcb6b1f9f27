#include "base/uri.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

TEST(Uri, TakesTheSchemeInAnyCase) {
  const Uri uri = parse_uri("Attio://?api_key=key_123");
  EXPECT_EQ(uri.scheme, "attio");
  EXPECT_EQ(uri.rest, "");
  EXPECT_EQ(uri.parameter("api_key"), "key_123");
  EXPECT_EQ(uri.parameter("base_url"), std::nullopt);
}

TEST(Uri, DecodesParametersAsFormData) {
  const Uri uri = parse_uri("x://a/b?k=a%2Bb+c%26&empty=&flag&base_url=http://127.0.0.1:1/v2");
  EXPECT_EQ(uri.rest, "a/b");
  EXPECT_EQ(uri.parameter("k"), "a+b c&");
  EXPECT_EQ(uri.parameter("empty"), "");
  EXPECT_EQ(uri.parameter("flag"), "");
  EXPECT_EQ(uri.parameter("base_url"), "http://127.0.0.1:1/v2");
}

TEST(Uri, WithoutSchemeDoesNotRepeatTheText) {
  try {
    parse_uri("secret_key_123");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
}

TEST(Uri, PercentEncodingIsForOnePathSegment) {
  EXPECT_EQ(percent_encode("my obj/../x?y"), "my%20obj%2F..%2Fx%3Fy");
  EXPECT_EQ(percent_encode("é~-._"), "%C3%A9~-._");
  EXPECT_EQ(percent_decode("a%2Fb+%zz%4"), "a/b+%zz%4");
}

}  // namespace
}  // namespace ingestr
