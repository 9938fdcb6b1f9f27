#include "base/forced_end.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <stdexcept>

namespace ingestr {
namespace {

TEST(ForcedEnd, TheLongestWaitCounts) {
  EXPECT_EQ(longest_wait_began(), SteadyTime::max());
  {
    const Waiting first;
    const SteadyTime began = longest_wait_began();
    EXPECT_LE(began, std::chrono::steady_clock::now());
    {
      const Waiting second;
      EXPECT_EQ(longest_wait_began(), began);
    }
    EXPECT_EQ(longest_wait_began(), began);
  }
  EXPECT_EQ(longest_wait_began(), SteadyTime::max());
}

TEST(ForcedEndDeathTest, WhatLivesIsDoneTheLastFirst) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const AtForcedEnd first([] { std::fputs("first", stderr); });
        const AtForcedEnd broken([]() -> void { throw std::runtime_error("no"); });
        { const AtForcedEnd gone([] { std::fputs("gone", stderr); }); }
        const AtForcedEnd last([] { std::fputs("last ", stderr); });
        end_by_force(130);
      },
      testing::ExitedWithCode(130), "^last first$");
}

}  // namespace
}  // namespace ingestr
