#include "data/exact_value.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/text.h"
#include "base/time.h"
#include "data/type_evidence.h"

namespace ingestr {
namespace {

TypeEvidence evidence_of(std::string_view number) {
  TypeEvidence evidence;
  evidence.see_number(number);
  return evidence;
}

// Short enough and without exponent, as most are: then nothing but the digits has to be counted.
bool is_surely_short(std::string_view number) {
  return number.size() <= 15 && number.find_first_of("eE") == std::string_view::npos;
}

}  // namespace

std::optional<bool> exact_boolean(std::string_view text) {
  if (equal_ignoring_case(text, "true")) return true;
  if (equal_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

std::optional<int64_t> exact_bigint(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-'));
  if (digits.empty() || (digits.front() == '0' && text != "0")) return std::nullopt;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> exact_double(std::string_view text, NumberForm form) {
  if (form == NumberForm::field && !TypeEvidence::is_number(text)) return std::nullopt;
  if (!is_surely_short(text) && !evidence_of(text).is_short()) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_exact_decimal(std::string_view text, uint32_t precision, uint32_t scale) {
  if (!TypeEvidence::is_number(text) || text.find_first_of("eE") != std::string_view::npos) return false;
  text.remove_prefix(text.starts_with('-'));
  const size_t point = std::min(text.find('.'), text.size());
  const size_t after = point == text.size() ? 0 : text.size() - point - 1;
  return point <= precision - scale && after <= scale;
}

std::optional<int32_t> exact_date(std::string_view text) { return parse_iso_date(text); }

std::optional<int64_t> exact_timestamp(std::string_view text) {
  const auto time = parse_iso_timestamp(text);
  if (!time || time->zoned || !time->exact) return std::nullopt;
  return time->micros;
}

std::optional<int64_t> exact_timestamp_tz(std::string_view text) {
  const auto time = parse_iso_timestamp(text);
  if (!time || !time->zoned || !time->exact) return std::nullopt;
  return time->micros;
}

}  // namespace ingestr
