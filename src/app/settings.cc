#include "app/settings.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "app/flags.h"
#include "base/error.h"
#include "base/quoted_name.h"
#include "base/text.h"

namespace ingestr {
namespace {

constexpr size_t kShownSettingBytes = 40;
constexpr uint64_t kMostCount = std::numeric_limits<int64_t>::max();  // of the rows of a database

std::optional<uint64_t> as_count(std::string_view text) {
  uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view text) {
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return equal_ignoring_case(text, word); });
  };
  if (is_one_of({"true", "1", "t", "yes", "y", "on"})) return true;
  if (is_one_of({"false", "0", "f", "no", "n", "off"})) return false;
  return std::nullopt;
}

Settings::Settings(const GivenFlags& given, const Environment& environment) {
  for (const Flag& flag : flags()) {
    const std::string name(flag.name);
    if (const auto found = given.find(name); found != given.end()) {
      settings_[name] = {"--" + name, found->second};
      continue;
    }
    for (const std::string& variable : variables_of(flag)) {
      if (const auto value = environment.get(variable)) {
        settings_[name] = {"the environment variable " + variable, {*value}};
        break;
      }
    }
  }
}

const Settings::Setting* Settings::find(std::string_view flag) const {
  if (find_flag(flag) == nullptr) {
    throw Error(ErrorKind::internal, fmt::format("--{} is not in the table of flags", flag));
  }
  const auto found = settings_.find(flag);
  return found == settings_.end() ? nullptr : &found->second;
}

std::optional<std::string> Settings::origin(std::string_view flag) const {
  const Setting* setting = find(flag);
  return setting == nullptr ? std::nullopt : std::optional(setting->origin);
}

std::string Settings::text(std::string_view flag) const {
  const Setting* setting = find(flag);
  if (setting == nullptr || setting->values.back().empty()) {
    return std::string(find_flag(flag)->default_text);
  }
  return setting->values.back();
}

std::optional<uint64_t> Settings::count(std::string_view flag) const {
  const std::string value = text(flag);
  if (value.empty()) return std::nullopt;
  const auto number = as_count(value);
  if (!number) {
    throw Error(ErrorKind::usage, fmt::format("{} must be a whole number such as 1000, not \"{}\"",
                                              *origin(flag), shorten(value, kShownSettingBytes)));
  }
  if (*number > kMostCount) throw Error(ErrorKind::usage, fmt::format("{} must be at most {}, not {}", *origin(flag), kMostCount, *number));
  return number;
}

bool Settings::toggle(std::string_view flag) const {
  const std::string value = text(flag);
  const auto boolean = parse_boolean(value);
  if (!boolean) {
    throw Error(ErrorKind::usage, fmt::format("{} must be true or false, not \"{}\"", *origin(flag),
                                              shorten(value, kShownSettingBytes)));
  }
  return *boolean;
}

std::vector<std::string> Settings::texts(std::string_view flag) const {
  const Setting* setting = find(flag);
  return setting == nullptr ? std::vector<std::string>() : setting->values;
}

std::vector<std::string> Settings::list(std::string_view flag) const {
  std::vector<std::string> items;
  for (const std::string& value : texts(flag)) {
    for (const std::string_view item : within(*origin(flag), [&] { return split_names(value, ','); })) {
      if (!item.empty()) items.emplace_back(item);
    }
  }
  return items;
}

std::vector<std::string> Settings::names(std::string_view flag) const {
  std::vector<std::string> names = list(flag);
  for (std::string& name : names) name = name_written(name);
  return names;
}

}  // namespace ingestr
