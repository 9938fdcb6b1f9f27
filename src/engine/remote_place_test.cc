#include "engine/remote_place.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/environment.h"
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

TEST(RemotePlace, APasswordMayHaveSpaces) { EXPECT_EQ(value("sftp", "password", "sftp://h/x.csv?password=open+sesame"), "open sesame"); }

}  // namespace
}  // namespace ingestr
