#include "engine/remote_place.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
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

// What the URI and the environment together say.
std::string of_both(std::string_view scheme, std::string_view name, std::string_view uri) {
  const auto places = remote_places();
  const auto place = std::ranges::find_if(places, [&](const RemotePlace& one) { return one.schemes.front() == scheme; });
  std::map<std::string, std::string> variables;
  for (const Parameter& parameter : place->parameters) variables[parameter.variable] = "environment";
  Secrets secrets;
  return value_of(*place, name, parse_uri(uri), MapEnvironment(variables), secrets);
}

TEST(RemotePlace, CredentialsOfTheUriShutOutThoseOfTheEnvironment) {
  EXPECT_EQ(of_both("s3", "session_token", "s3://b/x.csv?access_key_id=a&secret_access_key=b"), "");
  EXPECT_EQ(of_both("s3", "session_token", "s3://b/x.csv?region=eu-west-1"), "environment");
  EXPECT_EQ(of_both("s3", "region", "s3://b/x.csv?access_key_id=a&secret_access_key=b"), "environment");
  EXPECT_EQ(of_both("gs", "secret_access_key", "gs://b/x.csv?access_key_id=a"), "");
  for (const char* said : {"account_name=a", "account_key=YQ==", "sas_token=s", "endpoint_url=http://h/a"}) {
    EXPECT_EQ(of_both("az", "connection_string", std::string("az://b/x.csv?") + said), "") << said;
  }
  EXPECT_EQ(of_both("az", "sas_token", "az://b/x.csv?account_name=a&account_key=YQ=="), "");
  EXPECT_EQ(of_both("az", "account_key", "az://b/x.csv?account_name=a"), "environment");
  EXPECT_EQ(of_both("az", "account_name", "az://b/x.csv?connection_string=AccountName=a"), "");
  EXPECT_EQ(of_both("az", "connection_string", "az://b/x.csv"), "environment");
  EXPECT_EQ(of_both("sftp", "password", "sftp://h/x.csv?username=u"), "environment");
}

std::string azure_secret(std::string_view uri, std::map<std::string, std::string> variables) {
  const auto places = remote_places();
  const auto place = std::ranges::find_if(places, [](const RemotePlace& one) { return one.schemes.front() == "az"; });
  Secrets secrets;
  return place->settings(parse_uri(uri), "s", "az://b", MapEnvironment(std::move(variables)), secrets).back();
}

TEST(RemotePlace, AzuresClientIsToldOfAProxyWithAUser) {
  const std::map<std::string, std::string> variables = {{"https_proxy", "http://me:a%40b@p:1"}, {"http_proxy", "p:2"}};
  const std::string https = azure_secret("az://b/x.csv?account_name=a", variables);
  EXPECT_NE(https.find("HTTP_PROXY 'http://p:1', PROXY_USER_NAME 'me', PROXY_PASSWORD 'a@b'"), std::string::npos) << https;
  const std::string http = azure_secret("az://b/x.csv?account_name=a&account_key=YQ==&endpoint_url=http://h/a", variables);
  EXPECT_EQ(http.find("PROXY"), std::string::npos) << http;
}

TEST(RemotePlace, APasswordMayHaveSpaces) { EXPECT_EQ(value("sftp", "password", "sftp://h/x.csv?password=open+sesame"), "open sesame"); }

}  // namespace
}  // namespace ingestr
