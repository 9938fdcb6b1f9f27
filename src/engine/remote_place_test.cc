#include "engine/remote_place.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "base/error.h"
#include "base/secrets.h"

namespace ingestr {
namespace {

std::string value(std::string_view scheme, std::string_view name, std::string_view uri) {
  const auto places = remote_places();
  const auto place = std::ranges::find_if(places, [&](const RemotePlace& one) { return one.schemes.front() == scheme; });
  const MapEnvironment environment;
  Secrets secrets;
  const std::string text = value_of(*place, name, parse_uri(uri), environment, secrets);
  EXPECT_EQ(secrets.redact(text), "***");
  return text;
}

TEST(RemotePlace, APlusInAKeyNeedsNoEncoding) {
  EXPECT_EQ(value("s3", "secret_access_key", "s3://b/x.csv?secret_access_key=ab+cd/ef"), "ab+cd/ef");
  EXPECT_EQ(value("s3", "secret_access_key", "s3://b/x.csv?secret_access_key=ab%2Bcd%2Fef"), "ab+cd/ef");
  EXPECT_EQ(value("az", "connection_string", "az://b/x.csv?connection_string=AccountName=a;  AccountKey=ab++cd=="), "AccountName=a;  AccountKey=ab++cd==");
}

std::string refusal(std::string_view scheme, std::string_view uri) {
  const auto places = remote_places();
  const auto place = std::ranges::find_if(places, [&](const RemotePlace& one) { return one.schemes.front() == scheme; });
  try {
    check_no_keys(*place, parse_uri(uri));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(RemotePlace, KeysInFrontOfABucketAreRefused) {
  const std::string sentence = "the s3:// URI has a : or an @ where the bucket's name is; keys are its parameters access_key_id, secret_access_key, "
                               "session_token, as in s3://bucket/x.csv?access_key_id=…";
  for (const char* uri : {"s3://AKIA:se/cr+et@bucket/x.csv", "s3://AKIA:se%2Fcret@bucket", "s3://AKIA%3Ase%2Fcret%40bucket/x.csv", "s3://AKIA@bucket/x.csv"}) {
    EXPECT_EQ(refusal("s3", uri), sentence) << uri;
  }
  EXPECT_TRUE(refusal("az", "abfss://container@account.dfs.core.windows.net/x.csv").starts_with("the abfss:// URI has a : or an @"));
  for (const char* uri : {"s3://bucket/a@b.csv", "s3://bucket/a:b@c.csv", "s3://bucket", "s3://bucket/x.csv?endpoint_url=http://127.0.0.1:9000"}) {
    EXPECT_EQ(refusal("s3", uri), "") << uri;
  }
}

TEST(RemotePlace, APasswordMayHaveSpaces) { EXPECT_EQ(value("sftp", "password", "sftp://h/x.csv?password=open+sesame"), "open sesame"); }

}  // namespace
}  // namespace ingestr
