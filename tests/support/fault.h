// What a mistake is answered by.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace ingestr {

// "kind: text" of the Error that `work` throws; "" if none.
template <class Work>
std::string fault_of(Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const Error& error) {
    return std::string(to_string(error.kind())) + ": " + error.what();
  }
  return "";
}

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
