// What a mistake of the user's is answered by.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace ingestr {

// The words of the Error(usage) that `work` throws for `what`, which fails the test when it throws none.
template <class Work>
std::string usage_fault(std::string_view what, Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  ADD_FAILURE() << what << " was taken";
  return "";
}

}  // namespace ingestr
