// From text to value where nothing may be lost. A function accepts just those texts that leave a column its type: had
// data/type_evidence.h seen them as well, the type would be the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ingestr {

// How a number may be written.
enum class NumberForm {
  json,   // it is known to be a number of JSON
  field,  // TypeEvidence::is_number() decides
};

std::optional<bool> exact_boolean(std::string_view text);  // true or false, in any case
std::optional<int64_t> exact_bigint(std::string_view text);
// One whose digits a double gives back, but for zeros at the edge.
std::optional<double> exact_double(std::string_view text, NumberForm form);
// Whether a DECIMAL(precision, scale) column takes it whole.
bool is_exact_decimal(std::string_view text, uint32_t precision, uint32_t scale);
std::optional<int32_t> exact_date(std::string_view text);          // days since 1970-01-01
std::optional<int64_t> exact_timestamp(std::string_view text);     // microseconds; no zone given
std::optional<int64_t> exact_timestamp_tz(std::string_view text);  // microseconds in UTC; zone given

}  // namespace ingestr
