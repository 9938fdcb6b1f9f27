#include "data/type_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"

namespace ingestr {
namespace {

constexpr uint32_t kDoubleDigits = 15;      // std::numeric_limits<double>::digits10
constexpr uint32_t kMostDoubleDigits = 17;  // std::numeric_limits<double>::max_digits10
constexpr int kDoubleExponent = 290;     // well inside the range of normal doubles

template <class Integer>
bool is_of(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// HH:MM[:SS[.f…]], in whole microseconds.
bool is_time(std::string_view text) {
  const auto is_below = [&](size_t at, int limit) {
    const int value = (text[at] - '0') * 10 + text[at + 1] - '0';
    return text[at] >= '0' && text[at] <= '9' && text[at + 1] >= '0' && text[at + 1] <= '9' && value < limit;
  };
  if (text.size() < 5 || !is_below(0, 24) || text[2] != ':' || !is_below(3, 60)) return false;
  if (text.size() == 5) return true;
  if (text.size() < 8 || text[5] != ':' || !is_below(6, 60)) return false;
  if (text.size() == 8) return true;
  return text[8] == '.' && text.size() > 9 && text.size() <= 15 && text.find_first_not_of("0123456789", 9) == std::string_view::npos;
}

// 8-4-4-4-12 hexadecimal digits.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_hyphen ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

// From the first to the last digit that is not a zero at the edge.
std::string significant_digits(std::string_view mantissa) {
  std::string digits;
  const size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return digits;
  const size_t last = mantissa.find_last_of("123456789");
  for (size_t i = first; i <= last; ++i) {
    if (mantissa[i] != '.') digits += mantissa[i];
  }
  return digits;
}

// Whether the shortest text of the double that is nearest to a number has just these digits.
bool double_gives_back(std::string_view number, std::string_view digits) {
  double value = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), value).ec != std::errc()) return false;
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific).ptr;
  const std::string_view shortest(text, static_cast<size_t>(end - text));
  return significant_digits(shortest.substr(0, shortest.find('e'))) == digits;
}

bool is_short_number(std::string_view number, std::string_view mantissa, int power) {
  if (std::abs(power) > kDoubleExponent) return false;
  if (mantissa.size() <= kDoubleDigits) return true;
  const std::string digits = significant_digits(mantissa);
  return digits.size() <= kDoubleDigits || (digits.size() <= kMostDoubleDigits && double_gives_back(number, digits));
}

struct NumberShape {
  bool point = false;
  bool exponent = false;
  bool signed_exponent = false;
};

// Nothing when the text is no number of JSON.
std::optional<NumberShape> shape_of(std::string_view text) {
  size_t at = 0;
  const auto digits = [&] {
    const size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - first;
  };
  const auto accept = [&](char c) {
    const bool found = at < text.size() && text[at] == c;
    at += found;
    return found;
  };
  NumberShape shape;
  accept('-');
  const size_t first = at;
  const size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return std::nullopt;
  shape.point = accept('.');
  if (shape.point && digits() == 0) return std::nullopt;
  shape.exponent = accept('e') || accept('E');
  if (shape.exponent) {
    shape.signed_exponent = accept('+') || accept('-');
    if (digits() == 0) return std::nullopt;
  }
  return at == text.size() ? std::optional(shape) : std::nullopt;
}

}  // namespace

bool TypeEvidence::is_number(std::string_view field) {
  const auto shape = shape_of(field);
  return shape && (!shape->exponent || shape->point || shape->signed_exponent);
}

bool TypeEvidence::is_json_number(std::string_view text) { return shape_of(text).has_value(); }

void TypeEvidence::see_number(std::string_view text) {
  seen_ |= kNumber;
  only_int64_ = only_int64_ && is_of<int64_t>(text);
  only_int32_ = only_int32_ && is_of<int32_t>(text);
  only_int16_ = only_int16_ && is_of<int16_t>(text);
  if (text.front() == '-') {
    // "-0" is not the integer 0.
    if (text == "-0") only_int16_ = only_int32_ = only_int64_ = only_integers_ = false;
    text.remove_prefix(1);
  }
  const size_t exponent = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, exponent);
  const size_t point = mantissa.find('.');
  const auto whole = static_cast<uint32_t>(std::min(point, mantissa.size()));
  const auto scale = static_cast<uint32_t>(point == std::string_view::npos ? 0 : mantissa.size() - point - 1);
  only_integers_ = only_integers_ && scale == 0 && exponent == std::string_view::npos;
  whole_digits_ = std::max(whole_digits_, whole);
  scale_ = std::max(scale_, scale);
  int power = static_cast<int>(std::min(whole, 400U));
  if (exponent != std::string_view::npos) {
    only_plain_ = false;
    std::string_view digits = text.substr(exponent + 1);
    if (digits.front() == '+') digits.remove_prefix(1);
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    power = error == std::errc() && std::abs(value) < 1000 ? power + value : kDoubleExponent + 1;
  }
  only_short_ = only_short_ && is_short_number(text, mantissa, power);
}

void TypeEvidence::see_field(std::string_view text) {
  if ((seen_ & (kText | kNested)) != 0) return;
  if (is_number(text)) return see_number(text);
  if (equal_ignoring_case(text, "true") || equal_ignoring_case(text, "false")) return see_boolean();
  see_string(text);
}

void TypeEvidence::merge(const TypeEvidence& other) {
  seen_ |= other.seen_;
  only_int16_ = only_int16_ && other.only_int16_;
  only_int32_ = only_int32_ && other.only_int32_;
  only_int64_ = only_int64_ && other.only_int64_;
  only_integers_ = only_integers_ && other.only_integers_;
  only_short_ = only_short_ && other.only_short_;
  only_plain_ = only_plain_ && other.only_plain_;
  whole_digits_ = std::max(whole_digits_, other.whole_digits_);
  scale_ = std::max(scale_, other.scale_);
}

void TypeEvidence::see_string(std::string_view text) {
  // Once text was seen nothing else can come of it.
  if ((seen_ & (kText | kNested)) != 0) return;
  if (parse_iso_date(text)) {
    seen_ |= kDate;
  } else if (const auto time = parse_iso_timestamp(text); time && time->exact) {
    seen_ |= time->zoned ? kTimestampZoned : kTimestampLocal;
  } else {
    seen_ |= is_time(text) ? kTime : is_uuid(text) ? kUuid : trim(text).empty() ? kBlank : kText;
  }
}

Type TypeEvidence::number_type() const {
  if (only_int64_) return TypeId::bigint;
  if (only_integers_) return whole_digits_ <= kDecimalDigits ? Type::decimal(kDecimalDigits, 0) : TypeId::varchar;
  if (only_short_) return TypeId::double_;
  if (only_plain_ && whole_digits_ + scale_ <= kDecimalDigits) {
    if (scale_ == 0) return Type::decimal(kDecimalDigits, 0);  // integers and a -0
    return Type::decimal(static_cast<uint8_t>(whole_digits_ + scale_), static_cast<uint8_t>(scale_));
  }
  return TypeId::varchar;
}

bool TypeEvidence::fits(const Type& type, NumberForm form) const {
  const uint32_t blank = form == NumberForm::field ? uint32_t{kBlank} : 0;
  const bool only_numbers = has_only(kNumber | blank);
  switch (type.id) {
    case TypeId::boolean: return has_only(kBoolean | blank);
    case TypeId::smallint: return only_numbers && only_int16_;
    case TypeId::integer: return only_numbers && only_int32_;
    case TypeId::bigint: return only_numbers && only_int64_;
    case TypeId::double_: return only_numbers && only_short_;
    case TypeId::decimal:
      return only_numbers && only_plain_ && whole_digits_ + type.scale <= type.precision && scale_ <= type.scale;
    case TypeId::date: return has_only(kDate | kBlank);
    case TypeId::time: return has_only(kTime | kBlank);
    case TypeId::timestamp:
    case TypeId::timestamp_tz: return has_only(kDate | kTimestampLocal | kTimestampZoned | kBlank);
    case TypeId::uuid: return has_only(kUuid | kBlank);
    case TypeId::null:
    case TypeId::varchar:
    case TypeId::json:
    case TypeId::list:
    case TypeId::blob:
    case TypeId::interval:
    case TypeId::real: return false;
  }
  return false;
}

std::optional<Type> TypeEvidence::decimal_type() const {
  if (seen_ != kNumber || !only_plain_ || whole_digits_ + scale_ > kDecimalDigits) return std::nullopt;
  return Type::decimal(static_cast<uint8_t>(whole_digits_ + scale_), static_cast<uint8_t>(scale_));
}

std::string TypeEvidence::to_text() const {
  return fmt::format("{} {:d} {:d} {:d} {:d} {:d} {:d} {} {}", seen_, only_int16_, only_int32_, only_int64_, only_integers_, only_short_,
                     only_plain_, whole_digits_, scale_);
}

TypeEvidence TypeEvidence::of_text(std::string_view text) {
  TypeEvidence evidence;
  const auto next = [&] {
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) throw Error(ErrorKind::internal, "evidence of types is no text of it");
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    text = trim(text);
    return value;
  };
  evidence.seen_ = next();
  for (bool* only : {&evidence.only_int16_, &evidence.only_int32_, &evidence.only_int64_, &evidence.only_integers_, &evidence.only_short_,
                     &evidence.only_plain_}) {
    *only = next() != 0;
  }
  evidence.whole_digits_ = next();
  evidence.scale_ = next();
  return evidence;
}

Type TypeEvidence::type() const {
  if ((seen_ & kNested) != 0) return TypeId::json;
  switch (seen_) {
    case 0: return TypeId::null;
    case kBoolean: return TypeId::boolean;
    case kNumber: return number_type();
    case kDate: return TypeId::date;
    case kTimestampZoned: return TypeId::timestamp_tz;
    case kTimestampLocal: return TypeId::timestamp;
    default: return TypeId::varchar;
  }
}

}  // namespace ingestr
