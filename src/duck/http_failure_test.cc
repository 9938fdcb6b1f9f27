#include "duck/http_failure.h"

#include <gtest/gtest.h>

namespace ingestr::duck {
namespace {

struct Case {
  const char* message;
  ErrorKind kind;
  const char* text;
};

TEST(HttpFailure, EachStatusIsNamedWithItsCure) {
  const Case cases[] = {
      {"HTTP Error: HTTP GET error on 'http://h/x.csv?key=1' (HTTP 403 Forbidden)", ErrorKind::auth,
       "http://h/x.csv: access is refused (HTTP 403); check the credentials and what they may read"},
      {"HTTP Error: HTTP GET error reading 's3://b/x.csv' in region 'us-east-1' (HTTP 403 Forbidden)\n\nInvalidAccessKeyId: no such key",
       ErrorKind::auth,
       "s3://b/x.csv: access is refused (HTTP 403); check the credentials and what they may read (InvalidAccessKeyId: no such key)"},
      {"HTTP Error: HTTP GET error on 'http://h/x' (HTTP 404 Not Found)", ErrorKind::not_found,
       "http://h/x: there is no such file (HTTP 404); correct its name"},
      {"HTTP Error: HTTP GET error on 'http://h/x' (HTTP 405 Method Not Allowed)", ErrorKind::unsupported,
       "http://h/x: the server does not give parts of files (HTTP 405); fetch the file, and load the copy"},
      {"HTTP Error: HTTP GET error on 'http://h/x' (HTTP 416 Range Not Satisfiable) This could mean the file was changed.",
       ErrorKind::unavailable, "http://h/x: the file has become another one while it was read (HTTP 416); run again"},
      {"HTTP Error: Request returned HTTP 429 for HTTP HEAD to 'http://h/x'", ErrorKind::rate_limited,
       "http://h/x: the server was asked too often (HTTP 429); wait a while, and run again"},
      {"HTTP Error: Request returned HTTP 503 for HTTP HEAD to 'http://h/404 (x'", ErrorKind::unavailable,
       "http://h/404 (x: the server has a fault (HTTP 503); run again later"},
      {"IO Error: AzureBlobStorageFileSystem could not open file: 'az://c/x', error: 404 The specified blob does not exist.",
       ErrorKind::not_found, "az://c/x: there is no such file (HTTP 404); correct its name"},
      {"IO Error: No files found that match the pattern \"az://c/x\"", ErrorKind::not_found, "az://c/x: there is no such file; correct its name"},
      {"IO Error: AzureStorageFileSystem open file 'az://c/x' failed with code 'BlobNotFound', Reason Phrase: 'The specified blob does not …', Message: ''",
       ErrorKind::not_found, "az://c/x: there is no such file; correct its name"},
      {"IO Error: AzureStorageFileSystem open file 'az://c/x' failed with code 'AuthorizationFailure', Reason Phrase: 'Server failed to …', Message: ''",
       ErrorKind::auth, "az://c/x: access is refused (AuthorizationFailure); check the credentials and what they may read"},
      {"IO Error: AzureBlobStorageFileSystem Read to az://c/*.csv failed with AuthorizationFailure Reason Phrase: Server failed to …", ErrorKind::auth,
       "access is refused (AuthorizationFailure); check the credentials and what they may read"},
      {"IO Error: AzureStorageFileSystem could not open file: 'az://c/x', unknown error occurred, this could mean the credentials used were wrong. Original "
       "error message: 'Unexpected end of Base64 encoded string.'",
       ErrorKind::auth, "az://c/x: the account's key is no text in base64; copy it again from the account's access keys"},
      {"HTTP Error: HTTP GET error reading 's3://b/x.csv' in region 'us-east-1' (HTTP 400 Bad Request)\n\nAuthorizationHeaderMalformed: expecting 'eu-west-1'",
       ErrorKind::not_found,
       "s3://b/x.csv: the bucket is in another region; say which, as in region=eu-central-1 (AuthorizationHeaderMalformed: expecting 'eu-west-1')"},
      {"HTTP Error: HTTP GET error reading 's3://b/x.csv' in region 'us-east-1' (HTTP 301 Moved Permanently)", ErrorKind::not_found,
       "s3://b/x.csv: the bucket is in another region; say which, as in region=eu-central-1"},
      {"HTTP Error: HTTP GET error reading 's3://b/x.csv' in region 'us-east-1' (HTTP 400 Bad Request)\n\nExpiredToken: it has expired", ErrorKind::auth,
       "s3://b/x.csv: the session_token has expired; get a new one, and the key that goes with it (ExpiredToken: it has expired)"},
      {"HTTP Error: HTTP GET error on 'http://joe:secret@h:80/x@y.csv' (HTTP 404 Not Found)", ErrorKind::not_found,
       "http://h:80/x@y.csv: there is no such file (HTTP 404); correct its name"},
      {"ETag on reading file \"http://h/x.csv\" was initially \"a\" and now it returned \"b\", this likely means the remote file has changed.",
       ErrorKind::unavailable, "http://h/x.csv: it has changed while it was read; run again"},
      {"IO Error: AzureStorageFileSystem could not open file: 'az://c/x', unknown error occurred, this could mean the credentials used were wrong. Original "
       "error message: 'Timeout waiting for socket to receive data'",
       ErrorKind::unavailable, "az://c/x: the server does not answer in time; check the address and the network, and run again"},
      {"IO Error: AzureStorageFileSystem open file 'az://c/x' failed with code '', Reason Phrase: 'Proxy Authentication Required', Message: ''",
       ErrorKind::auth, "az://c/x: the proxy refuses access (HTTP 407); check its credentials"},
      {"Invalid Error: Timeout was reached", ErrorKind::unavailable, "the server does not answer in time; check the address and the network, and run again"},
  };
  for (const Case& one : cases) {
    const auto error = http_failure(one.message);
    ASSERT_TRUE(error) << one.message;
    EXPECT_EQ(error->kind(), one.kind) << one.message;
    EXPECT_STREQ(error->what(), one.text);
  }
}

TEST(HttpFailure, WhatSaysNoStatusIsToldAsItIs) {
  EXPECT_EQ(http_failure("IO Error: Cannot open file \"x\""), std::nullopt);
  EXPECT_STREQ(http_failure("HTTP Error: odd 4040 (x) for 'http://h:5003/x'")->what(), "http://h:5003/x: HTTP Error: odd 4040 (x) for 'http://h:5003/x'");
  EXPECT_STREQ(http_failure("HTTP Error: HTTP HEAD error on 'http://h/x' (HTTP 0 )")->what(),
               "http://h/x: the server refuses it, or breaks the connection off; check the address and the network, and run again");
}

}  // namespace
}  // namespace ingestr::duck
