#include "http/client.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Client, DescribesARequestWithoutItsSecrets) {
  const auto text = [](std::string url) {
    return describe({.method = "GET", .url = std::move(url)});
  };
  EXPECT_EQ(text("/objects"), "GET /objects");
  EXPECT_EQ(text("/objects?api_key=secret#x"), "GET /objects");
  EXPECT_EQ(text("https://api.attio.com/v2/lists?limit=3"), "GET https://api.attio.com/v2/lists");
  EXPECT_EQ(text("https://user:p@ss@host:8080/a@b"), "GET https://host:8080/a@b");
  EXPECT_EQ(text("https://host"), "GET https://host");
  EXPECT_EQ(text("https://host/a@b"), "GET https://host/a@b");
}

TEST(Client, FindsHeadersInAnyCase) {
  const HttpHeaders headers = {{"Retry-After", "3"}, {"retry-after", "4"}};
  EXPECT_EQ(find_header(headers, "retry-AFTER"), "3");
  EXPECT_EQ(find_header(headers, "date"), std::nullopt);
}

}  // namespace
}  // namespace ingestr
