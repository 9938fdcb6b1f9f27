#include "base/secrets.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Secrets, ReplacesEveryForm) {
  Secrets secrets;
  secrets.add("p@ss word");
  EXPECT_EQ(secrets.redact("x p@ss word y p%40ss%20word"), "x *** y ***");
}

TEST(Secrets, LongerSecretsGoFirst) {
  Secrets secrets;
  secrets.add("abcd");
  secrets.add("abcdefgh");
  EXPECT_EQ(secrets.redact("abcdefgh abcd"), "*** ***");
}

TEST(Secrets, WhatIsLeftOfOneThatWasCutIsHiddenToo) {
  Secrets secrets;
  secrets.add("key_123456");
  EXPECT_EQ(secrets.redact("it says: key_12… and key_… and kex_12…"), "it says: ***… and ***… and kex_12…");
}

TEST(Secrets, TooShortOnesAreLeftAlone) {
  Secrets secrets;
  secrets.add("a");
  secrets.add("");
  EXPECT_EQ(secrets.redact("a banana"), "a banana");
}

}  // namespace
}  // namespace ingestr
