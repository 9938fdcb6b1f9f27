#include "app/cell_text.h"

#include <cwchar>

#include <fmt/format.h>
#include <locale.h>

#include "base/utf8.h"

namespace ingestr {
namespace {

// Marks that set the direction of what follows, and the two line ends that are no control
// characters (https://unicode.org/reports/tr9/#Directional_Formatting_Characters).
bool moves_text(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

std::string escaped(char32_t c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto number = static_cast<uint32_t>(c);
  return number < 0x80 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

// The C library knows how wide characters are, in a locale of its own choice; this thread uses one
// that knows Unicode for as long as this lives.
class UnicodeLocale {
 public:
  UnicodeLocale() : before_(uselocale(unicode())) {}
  ~UnicodeLocale() { uselocale(before_); }
  UnicodeLocale(const UnicodeLocale&) = delete;
  UnicodeLocale& operator=(const UnicodeLocale&) = delete;

  static size_t width(char32_t c) {
    const int columns = wcwidth(static_cast<wchar_t>(c));
    return columns < 0 ? 1 : static_cast<size_t>(columns);  // it knows no such character
  }

 private:
  // Null, which changes nothing, where the system has no such locale.
  static locale_t unicode() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }

  locale_t before_;
};

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) {
      out += kUtf8Replacement;
      text.remove_prefix(1);
      continue;
    }
    const char32_t c = utf8_first(text);
    out += is_control(c) || moves_text(c) ? escaped(c) : std::string(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

size_t display_width(std::string_view text) {
  const UnicodeLocale unicode;
  size_t columns = 0;
  while (!text.empty()) {
    columns += UnicodeLocale::width(utf8_first(text));
    text.remove_prefix(utf8_length(text));
  }
  return columns;
}

std::string cut_to_width(std::string_view text, size_t columns) {
  const UnicodeLocale unicode;
  size_t taken = 0, kept = 0;
  for (size_t next = 0; next < text.size();) {
    const std::string_view rest = text.substr(next);
    taken += UnicodeLocale::width(utf8_first(rest));
    if (taken > columns) return std::string(text.substr(0, kept)) + "…";
    next += utf8_length(rest);
    // The mark takes the last column.
    if (taken < columns) kept = next;
  }
  return std::string(text);
}

}  // namespace ingestr
