// What flags and environment variables say.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli.h"
#include "base/environment.h"
#include "base/error.h"

namespace ingestr {

// true, yes, on, 1 and the like in any case, or their opposites; nothing otherwise.
std::optional<bool> parse_boolean(std::string_view text);

// A flag wins over INGESTR_NAME, and that over NAME. An empty value is no value, but still wins:
// `--dest-table ""` asks for the default whatever the environment says. Of a text given several
// times the last one counts.
class Settings {
 public:
  Settings(const GivenFlags& given, const Environment& environment);

  // Who set a flag: "--mask", or "the environment variable MASK". Nothing when nobody did.
  std::optional<std::string> origin(std::string_view flag) const;

  // The value of a flag of the table, or its default. They throw Error(usage) naming the origin
  // when it is not what the flag's kind asks for.
  std::string text(std::string_view flag) const;
  std::optional<uint64_t> count(std::string_view flag) const;  // nothing: not set, no default
  bool toggle(std::string_view flag) const;
  std::vector<std::string> list(std::string_view flag) const;  // without white space around; a comma in a quoted name is none
  std::vector<std::string> names(std::string_view flag) const;  // the same without the quotes
  std::vector<std::string> texts(std::string_view flag) const;  // as given: one for each time

 private:
  struct Setting {
    std::string origin;
    std::vector<std::string> values;  // as given
  };
  const Setting* find(std::string_view flag) const;

  std::map<std::string, Setting, std::less<>> settings_;
};

// `make` applied to a flag's text; an Error names who set it.
template <class Make>
auto made_of(const Settings& settings, std::string_view flag, Make make) {
  const std::string text = settings.text(flag);
  return within(settings.origin(flag).value_or("--" + std::string(flag)),
                [&] { return make(text); });
}

}  // namespace ingestr
