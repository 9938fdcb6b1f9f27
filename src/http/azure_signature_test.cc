#include "http/azure_signature.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/error.h"

namespace ingestr {
namespace {

const SystemTime kMorning = SystemTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 30)) + std::chrono::hours(7) + std::chrono::seconds(5);

std::string authorization_of(const HttpRequest& request, const std::string& key = "YSBrZXk=") {
  const HttpHeaders headers = azure_signature(request, {"acc", key, ""}, kMorning);
  EXPECT_EQ(find_header(headers, "x-ms-date"), "Fri, 30 Jan 2026 07:00:05 GMT");
  return std::string(find_header(headers, "Authorization").value_or(""));
}

// What Python's hmac makes of the texts that the page of Azure's that the header names describes.
TEST(AzureSignature, OfABlobAndOfABlock) {
  EXPECT_EQ(authorization_of({.method = "PUT",
                              .url = "https://acc.blob.core.windows.net/lake/a%20b.csv",
                              .headers = {{"x-ms-blob-type", "BlockBlob"}},
                              .body = "12345"}),
            "SharedKey acc:dfIUUwOSSq5ZGUrS4f/ulopJxZhCOlOw+TxVWJ6lcLQ=");
  EXPECT_EQ(authorization_of({.method = "PUT", .url = "http://127.0.0.1:10000/acc/lake/x?comp=block&blockid=00000001"}),
            "SharedKey acc:T/DEg+bGrtRH3sdouu4ghevKnnn8eRjOQdtuSO6qvwQ=");
}

TEST(AzureSignature, WithoutAKeyThereIsNone) { EXPECT_EQ(authorization_of({.url = "https://host/x"}, ""), ""); }

TEST(AzureSignature, AKeyThatIsNoBase64IsRefused) {
  for (const char* key : {"no key", "abc", "?"}) EXPECT_THROW(authorization_of({.url = "https://host/x"}, key), Error) << key;
}

}  // namespace
}  // namespace ingestr
