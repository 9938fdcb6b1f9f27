#include "limiter.h"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

TEST(Limiter, AdmitsThatManyInAnySecond) {
  Limiter limiter(2);
  EXPECT_TRUE(limiter.admit(0));
  EXPECT_TRUE(limiter.admit(900));
  EXPECT_FALSE(limiter.admit(999));
  EXPECT_TRUE(limiter.admit(1000));  // the one at 0 is a full second ago
  EXPECT_FALSE(limiter.admit(1899));
  EXPECT_TRUE(limiter.admit(1900));
}

TEST(Limiter, RefusedOnesDoNotCount) {
  Limiter limiter(1);
  EXPECT_TRUE(limiter.admit(0));
  for (Milliseconds now = 1; now < 1000; ++now) EXPECT_FALSE(limiter.admit(now));
  EXPECT_TRUE(limiter.admit(1000));
}

TEST(Limiter, ZeroIsNoLimit) {
  Limiter limiter(0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter.admit(0));
}

TEST(Limiter, ForgetsOnReset) {
  Limiter limiter(1);
  EXPECT_TRUE(limiter.admit(0));
  limiter.reset();
  EXPECT_TRUE(limiter.admit(0));
}

}  // namespace
}  // namespace sandbox
