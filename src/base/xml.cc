#include "base/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/utf8.h"

namespace ingestr {
namespace {

struct Entity {
  std::string_view name;
  char32_t character;
};
constexpr Entity kEntities[] = {{"amp", U'&'}, {"lt", U'<'}, {"gt", U'>'}, {"quot", U'"'}, {"apos", U'\''}};

// What stands between "&" and ";".
std::optional<char32_t> character_of(std::string_view entity) {
  if (!entity.starts_with('#')) {
    const auto* known = std::ranges::find(kEntities, entity, &Entity::name);
    return known == std::end(kEntities) ? std::nullopt : std::optional(known->character);
  }
  entity.remove_prefix(1);
  const bool is_hex = entity.starts_with('x');
  if (is_hex) entity.remove_prefix(1);
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(entity.data(), entity.data() + entity.size(), number, is_hex ? 16 : 10);
  const bool is_half = number >= 0xD800 && number <= 0xDFFF;
  if (error != std::errc() || end != entity.data() + entity.size() || number > 0x10FFFF || is_half) return std::nullopt;
  return static_cast<char32_t>(number);
}

}  // namespace

std::string xml_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    const size_t mark = std::min(text.find('&'), text.size());
    decoded += text.substr(0, mark);
    text.remove_prefix(mark);
    const size_t end = text.find(';');
    const auto character = text.empty() || end == std::string_view::npos ? std::nullopt : character_of(text.substr(1, end - 1));
    if (character) {
      append_utf8(decoded, *character);
      text.remove_prefix(end + 1);
    } else if (!text.empty()) {
      decoded += text.front();
      text.remove_prefix(1);
    }
  }
  return decoded;
}

std::string xml_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto* known = std::ranges::find(kEntities, static_cast<char32_t>(static_cast<unsigned char>(c)), &Entity::character);
    if (c == '\r') {
      encoded += "&#13;";
    } else if (known != std::end(kEntities)) {
      encoded += fmt::format("&{};", known->name);
    } else {
      encoded += c;
    }
  }
  return encoded;
}

std::vector<XmlElement> xml_elements(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<{}", name), close = fmt::format("</{}>", name);
  std::vector<XmlElement> found;
  for (size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at + 1)) {
    std::string_view rest = xml.substr(at + open.size());
    const size_t end = rest.find('>');
    if (end == std::string_view::npos) break;
    const std::string_view attributes = rest.substr(0, end);
    if (!attributes.empty() && attributes.front() != ' ' && attributes.front() != '/') continue;  // another name that begins so
    rest.remove_prefix(end + 1);
    const std::string_view inside = attributes.ends_with('/') ? std::string_view() : rest.substr(0, rest.find(close));
    found.push_back({std::string(attributes), inside.find('<') == std::string_view::npos ? xml_decoded(inside) : std::string(inside)});
  }
  return found;
}

std::string xml_text(std::string_view xml, std::string_view name) {
  const std::vector<XmlElement> found = xml_elements(xml, name);
  return found.empty() ? "" : found.front().text;
}

}  // namespace ingestr
