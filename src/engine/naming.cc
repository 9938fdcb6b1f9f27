#include "engine/naming.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/error.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/utf8.h"

namespace ingestr {
namespace {

constexpr std::array<std::pair<Naming, std::string_view>, 3> kNamingNames = {
    {{Naming::automatic, "auto"}, {Naming::snake_case, "snake_case"}, {Naming::direct, "direct"}}};

struct FreeLocale {
  void operator()(locale_t locale) const { ::freelocale(locale); }
};
using Locale = std::unique_ptr<std::remove_pointer_t<locale_t>, FreeLocale>;

// What characters are. ASCII needs no tables; for the rest those of the C library are read when the first one comes.
class Characters {
 public:
  bool is_letter_or_digit(char32_t c) { return is_digit(c) || is_small(c) || is_capital(c) || (!ascii(c) && ::iswalnum_l(wide(c), unicode(c))); }
  bool is_digit(char32_t c) const { return c >= U'0' && c <= U'9'; }
  bool is_small(char32_t c) { return ascii(c) ? c >= U'a' && c <= U'z' : ::iswlower_l(wide(c), unicode(c)) != 0; }
  bool is_capital(char32_t c) { return ascii(c) ? c >= U'A' && c <= U'Z' : ::iswupper_l(wide(c), unicode(c)) != 0; }
  char32_t small(char32_t c) {
    if (ascii(c)) return is_capital(c) ? c - U'A' + U'a' : c;
    return static_cast<char32_t>(::towlower_l(wide(c), unicode(c)));
  }

 private:
  static bool ascii(char32_t c) { return c < 0x80; }
  static wint_t wide(char32_t c) { return static_cast<wint_t>(c); }
  locale_t unicode(char32_t c) {
    if (!locale_) locale_.reset(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr));
    if (!locale_) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("this system has no locale C.UTF-8, without which nobody knows whether U+{:04X} in a "
                              "column's name is a letter; use --schema-naming direct",
                              static_cast<uint32_t>(c)));
    }
    return locale_.get();
  }

  Locale locale_;
};

// What is no UTF-8 is no character.
std::u32string decoded(std::string_view utf8) {
  std::u32string text;
  while (!utf8.empty()) {
    const size_t bytes = utf8_length(utf8);
    text += bytes == 0 ? U'\uFFFD' : utf8_first(utf8);
    utf8.remove_prefix(std::max<size_t>(bytes, 1));
  }
  return text;
}

char32_t plain(char32_t c, Characters& characters) {
  switch (c) {
    case U'+':
    case U'*':
      return U'x';
    case U'@':
      return U'a';
    case U'|':
      return U'l';
    default:
      return characters.is_letter_or_digit(c) ? c : U'_';
  }
}

// Between "l" and "C" of camelCase, between "P" and "S" of HTTPServer, between "2" and "B" of a2B.
bool word_begins(const std::u32string& part, size_t at, Characters& characters) {
  if (at == 0 || !characters.is_capital(part[at])) return false;
  const char32_t before = part[at - 1];
  if (characters.is_small(before) || characters.is_digit(before)) return true;
  return characters.is_capital(before) && at + 1 < part.size() && characters.is_small(part[at + 1]);
}

std::string snake_part(std::u32string part, Characters& characters) {
  std::transform(part.begin(), part.end(), part.begin(), [&](char32_t c) { return plain(c, characters); });
  std::string out;
  for (size_t i = 0; i < part.size(); ++i) {
    if (part[i] == U'_' || word_begins(part, i, characters)) {
      if (!out.ends_with('_')) out += '_';
      if (part[i] == U'_') continue;
    }
    append_utf8(out, characters.small(part[i]));
  }
  if (out.ends_with('_')) out.back() = 'x';
  return out;
}

}  // namespace

Naming parse_naming(std::string_view text) {
  const std::string lower = to_lower(trim(text));
  if (lower.empty() || lower == "default") return Naming::automatic;
  std::vector<std::string> known;
  for (const auto& [naming, name] : kNamingNames) {
    if (name == lower) return naming;
    known.emplace_back(name);
  }
  throw Error(ErrorKind::usage, fmt::format("there is no naming convention \"{}\"; use {}{}", shorten(text, 40),
                                            fmt::join(known, ", "), did_you_mean(lower, known)));
}

std::string_view to_string(Naming naming) {
  for (const auto& [known, name] : kNamingNames) {
    if (known == naming) return name;
  }
  return "?";
}

std::string snake_case(std::string_view name) {
  Characters characters;
  std::u32string text = decoded(name);
  for (size_t i = text.size(); i > 0 && text[i - 1] == U'_'; --i) text[i - 1] = U'x';
  std::string out;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(U"__", start), text.size());
    if (end > start) {
      if (!out.empty()) out += "__";
      out += snake_part(text.substr(start, end - start), characters);
    }
    start = end + 2;
  }
  if (!out.empty() && characters.is_digit(static_cast<unsigned char>(out.front()))) out.insert(0, 1, '_');
  return out;
}

Naming choose_naming(Naming wanted, const std::vector<std::string>& names, const std::optional<Schema>& existing) {
  if (wanted != Naming::automatic) return wanted;
  if (!existing) return Naming::snake_case;
  const auto has = [&](std::string_view name) {
    return std::any_of(existing->columns.begin(), existing->columns.end(),
                       [&](const Column& column) { return equal_ignoring_case(column.name, name); });
  };
  const auto count = [&](Naming naming) {
    return std::count_if(names.begin(), names.end(), [&](const std::string& name) { return has(named(name, naming)); });
  };
  return count(Naming::direct) > count(Naming::snake_case) ? Naming::direct : Naming::snake_case;
}

std::string named(std::string_view name, Naming naming) {
  std::string out = naming == Naming::direct ? std::string(name) : snake_case(name);
  return out.empty() ? "_" : out;
}

}  // namespace ingestr
