#include "http/status.h"

#include <gtest/gtest.h>

#include "support/fake_http.h"

namespace ingestr {
namespace {

const HttpRequest kRequest = {.method = "POST", .url = "/objects/people/records/query?secret=1"};

TEST(Status, ChoosesTheKind) {
  const auto kind = [](int status) { return error_of_status(kRequest, answer(status, "")).kind(); };
  for (const int status : {401, 403, 407}) EXPECT_EQ(kind(status), ErrorKind::auth) << status;
  for (const int status : {404, 410}) EXPECT_EQ(kind(status), ErrorKind::not_found) << status;
  for (const int status : {408, 425, 500, 502, 503, 504, 520, 599}) {
    EXPECT_EQ(kind(status), ErrorKind::unavailable) << status;
  }
  EXPECT_EQ(kind(429), ErrorKind::rate_limited);
  for (const int status : {301, 304, 400, 409, 422})
    EXPECT_EQ(kind(status), ErrorKind::bad_data) << status;
}

TEST(Status, SaysWhatTheServerSaid) {
  const auto text = [](std::string body) {
    return std::string(error_of_status(kRequest, answer(500, std::move(body))).what());
  };
  const std::string start = "POST /objects/people/records/query answered with status 500";
  EXPECT_EQ(text(""), start);
  EXPECT_EQ(text(" \r\n"), start);
  EXPECT_EQ(text("{\"message\":\n\"oops\"}\n"), start + ": {\"message\": \"oops\"}");
  EXPECT_EQ(text("<!DOCTYPE html><html>…"), start + " and a web page");
  EXPECT_EQ(text(std::string(1000, 'x')), start + ": " + std::string(200, 'x') + "…");
}

}  // namespace
}  // namespace ingestr
