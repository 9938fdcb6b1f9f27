#include "base/store_code.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace ingestr {
namespace {

constexpr std::string_view kOtherRegions[] = {"AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException"};
constexpr std::string_view kOldTokens[] = {"ExpiredToken", "TokenRefreshRequired"};

}  // namespace

bool tells_of_other_region(std::string_view words) {
  return std::ranges::any_of(kOtherRegions, [&](std::string_view code) { return contains(words, code); });
}

bool tells_of_old_token(std::string_view words) {
  return std::ranges::any_of(kOldTokens, [&](std::string_view code) { return contains(words, code); });
}

}  // namespace ingestr
