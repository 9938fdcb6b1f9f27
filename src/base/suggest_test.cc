#include "base/suggest.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Suggest, FindsTheSlip) {
  const std::vector<std::string> words = {"ingest", "example-uris", "help"};
  EXPECT_EQ(closest("ingst", words), "ingest");
  EXPECT_EQ(closest("injest", words), "ingest");
  EXPECT_EQ(closest("example-uri", words), "example-uris");
  EXPECT_EQ(closest("halp", words), "help");
}

TEST(Suggest, DoesNotGuess) {
  EXPECT_EQ(closest("foo", {"ingest", "help"}), std::nullopt);
  EXPECT_EQ(closest("he", {"help"}), std::nullopt);  // half of it would be made up
  EXPECT_EQ(closest("", {"a"}), std::nullopt);
  EXPECT_EQ(did_you_mean("foo", {"ingest"}), "");
  EXPECT_EQ(did_you_mean("ingets", {"ingest"}), "; did you mean ingest?");
}

}  // namespace
}  // namespace ingestr
