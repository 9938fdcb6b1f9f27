#include "app/refusal.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/flags.h"
#include "base/error.h"
#include "base/text.h"
#include "base/version.h"

namespace ingestr {
namespace {

// What happens anyway needs no flag, and is no reason to refuse one.
bool is_harmless(const Flag& flag, std::string_view value) {
  if (value.empty()) return true;
  if (flag.kind == FlagKind::toggle) return parse_boolean(value) == false;
  const std::vector<std::string> harmless = split(flag.harmless, ' ');
  return std::find(harmless.begin(), harmless.end(), to_lower(value)) != harmless.end();
}

}  // namespace

void refuse_unavailable(const Settings& settings) {
  for (const Flag& flag : flags()) {
    if (!flag.refused()) continue;
    const auto origin = settings.origin(flag.name);
    if (!origin) continue;
    const bool harmless = flag.kind == FlagKind::list ? settings.list(flag.name).empty()
                                                      : is_harmless(flag, settings.text(flag.name));
    if (harmless) continue;
    const std::string subject =
        origin->starts_with("--") ? *origin : fmt::format("--{}, set by {},", flag.name, *origin);
    throw Error(ErrorKind::unsupported,
                fmt::format("{} is not available in version {}: {}", subject, kVersion, flag.help));
  }
}

}  // namespace ingestr
