#include "engine/connector.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

Connector example() {
  Connector connector;
  connector.schemes = {"example"};
  connector.parameters = {
      {.name = "api_key", .description = "", .default_text = "", .secret = true},
      {.name = "base_url", .description = "", .default_text = ""}};
  return connector;
}

std::string fault(const Connector& connector, std::string_view uri) {
  try {
    check_parameters(connector, parse_uri(uri));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(CheckParameters, LetsDeclaredOnesPass) {
  EXPECT_EQ(fault(example(), "example://?api_key=k&base_url=http://x"), "");
  EXPECT_EQ(fault(example(), "example://"), "");
}

TEST(CheckParameters, NamesTheUnknownAndTheDeclaredOnes) {
  EXPECT_EQ(fault(example(), "Example://?apikey=k"),
            "the example:// URI has a parameter \"apikey\"; it takes api_key, base_url");
  EXPECT_EQ(fault(example(), "example://?API_KEY=k"),
            "the example:// URI has a parameter \"API_KEY\"; it takes api_key, base_url");
}

TEST(CheckParameters, SaysWhenThereAreNone) {
  EXPECT_EQ(fault(Connector{}, "plain://?a=b"),
            "the plain:// URI has a parameter \"a\"; it takes none");
}

TEST(CheckParameters, RefusesTheSameParameterTwice) {
  EXPECT_EQ(fault(example(), "example://?api_key=k1&api_key=k2"),
            "the example:// URI gives api_key twice; give it once");
}

TEST(CheckParameters, DoesNotRepeatAKeyThatWasGivenAsAName) {
  EXPECT_EQ(fault(example(), "example://?key_123"),
            "the example:// URI has an unknown parameter; it takes api_key, base_url");
  EXPECT_EQ(fault(example(), "example://?abcdefghijklmnopqrstuvwxyzabcdef"),
            "the example:// URI has an unknown parameter; it takes api_key, base_url");
}

}  // namespace
}  // namespace ingestr
