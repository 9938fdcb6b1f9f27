#include "engine/mask.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "base/quoted_name.h"
#include "base/suggest.h"
#include "base/text.h"
#include "duck/text.h"
#include "engine/mask_functions.h"

namespace ingestr {
namespace {

constexpr size_t kShownMaskBytes = 40;

enum class MaskParameter { none, text, count, share };

// Which values an algorithm can hide.
enum class Domain {
  any,      // it leaves nothing of the value
  text,     // it leaves a part of it, which must be one text and no structure
  numbers,
  times,
};

struct Algorithm {
  std::string_view name;
  MaskAlgorithm id;
  Domain domain;
  MaskParameter parameter = MaskParameter::none;
  std::string_view default_parameter = "";  // empty: it must be given
};

constexpr std::array kAlgorithms = {
    Algorithm{"hash", MaskAlgorithm::sha256, Domain::any},
    Algorithm{"sha256", MaskAlgorithm::sha256, Domain::any},
    Algorithm{"md5", MaskAlgorithm::md5, Domain::any},
    Algorithm{"hmac", MaskAlgorithm::hmac, Domain::any, MaskParameter::text},
    Algorithm{"uuid", MaskAlgorithm::uuid, Domain::any},
    Algorithm{"redact", MaskAlgorithm::redact, Domain::any},
    Algorithm{"fixed", MaskAlgorithm::fixed, Domain::any, MaskParameter::text},
    Algorithm{"stars", MaskAlgorithm::stars, Domain::any},
    Algorithm{"email", MaskAlgorithm::email, Domain::text},
    Algorithm{"phone", MaskAlgorithm::phone, Domain::text},
    Algorithm{"credit_card", MaskAlgorithm::credit_card, Domain::text},
    Algorithm{"ssn", MaskAlgorithm::ssn, Domain::text},
    Algorithm{"partial", MaskAlgorithm::partial, Domain::text, MaskParameter::count, "2"},
    Algorithm{"first_letter", MaskAlgorithm::first_letter, Domain::text},
    Algorithm{"sequential", MaskAlgorithm::sequential, Domain::any},
    Algorithm{"random", MaskAlgorithm::random, Domain::any},
    Algorithm{"round", MaskAlgorithm::round, Domain::numbers, MaskParameter::count, "10"},
    Algorithm{"range", MaskAlgorithm::range, Domain::numbers, MaskParameter::count, "100"},
    Algorithm{"noise", MaskAlgorithm::noise, Domain::numbers, MaskParameter::share, "0.1"},
    Algorithm{"date_shift", MaskAlgorithm::date_shift, Domain::times, MaskParameter::count, "30"},
    Algorithm{"year_only", MaskAlgorithm::year_only, Domain::times},
    Algorithm{"month_year", MaskAlgorithm::month_year, Domain::times},
};

constexpr uint32_t kMostCount = 1'000'000'000;
constexpr uint32_t kMostDays = 36'500;

const Algorithm& find_algorithm(std::string_view name) {
  std::vector<std::string> known;
  for (const Algorithm& algorithm : kAlgorithms) {
    if (equal_ignoring_case(algorithm.name, name)) return algorithm;
    known.emplace_back(algorithm.name);
  }
  throw Error(ErrorKind::usage, fmt::format("there is no mask \"{}\"; there are {}{}", shorten(name, kShownMaskBytes),
                                            fmt::join(known, ", "), did_you_mean(to_lower(name), known)));
}

const Algorithm& algorithm_of(MaskAlgorithm id) {
  return *std::find_if(kAlgorithms.begin(), kAlgorithms.end(), [&](const Algorithm& one) { return one.id == id; });
}

template <class Number>
bool is_between(std::string_view text, Number least, Number most) {
  Number value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return fault == std::errc() && end == text.data() + text.size() && value >= least && value <= most;
}

void check_parameter(const Algorithm& algorithm, std::string_view text) {
  const auto refuse = [&](std::string_view wanted) {
    throw Error(ErrorKind::usage, fmt::format("the mask {} {}", algorithm.name, wanted));
  };
  switch (algorithm.parameter) {
    case MaskParameter::none:
      if (!text.empty()) refuse("takes no parameter; leave out what is behind it");
      break;
    case MaskParameter::text:
      if (!text.empty()) break;
      refuse(algorithm.id == MaskAlgorithm::hmac ? "needs a key, as in column:hmac:KEY" : "needs a text, as in column:fixed:TEXT");
      break;
    case MaskParameter::count:
      if (!is_between(text, 1U, algorithm.id == MaskAlgorithm::date_shift ? kMostDays : kMostCount)) {
        refuse(fmt::format("takes a whole number from 1 on, as in column:{}:{}", algorithm.name, algorithm.default_parameter));
      }
      break;
    case MaskParameter::share:
      if (!is_between(text, 0.000001, 1.0)) refuse("takes a number above 0 up to 1, as in column:noise:0.1");
      break;
  }
}

Mask parse_mask(std::string_view text) {
  const size_t first = text.find(':', end_of_quoted_name(text));
  const size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
  Mask mask;
  mask.column = name_written(trim(text.substr(0, first)));
  const std::string_view name = first == std::string_view::npos ? "" : trim(text.substr(first + 1, second - first - 1));
  if (mask.column.empty() || name.empty()) {
    throw Error(ErrorKind::usage, "a mask is written column:algorithm or column:algorithm:parameter, as in email:hash or "
                                  "name:partial:2; a parameter holds no comma");
  }
  return within(mask.column, [&] {
    const Algorithm& algorithm = find_algorithm(name);
    mask.algorithm = algorithm.id;
    mask.parameter = second == std::string_view::npos ? algorithm.default_parameter : text.substr(second + 1);
    if (mask.parameter.empty()) mask.parameter = algorithm.default_parameter;
    check_parameter(algorithm, mask.parameter);
    return mask;
  });
}

// The SQL of masks over one value, by its text and, where they need it, the value itself.
class MaskSql {
 public:
  MaskSql(const Mask& mask, const duck::Value& value) : mask_(mask), value_(value), text_(duck::text_of(value)) {}

  MaskedValue make() {
    MaskedValue masked;
    masked.value.type = TypeId::varchar;
    switch (mask_.algorithm) {
      case MaskAlgorithm::sha256:
        masked.value.sql = fmt::format("sha256({})", bytes_or_text());
        break;
      case MaskAlgorithm::md5:
        masked.value.sql = fmt::format("md5({})", bytes_or_text());
        break;
      case MaskAlgorithm::hmac:
        masked.value.sql = call(masked, keyed_hash(mask_.parameter));
        break;
      case MaskAlgorithm::uuid:
        masked.value.sql = uuid();
        break;
      case MaskAlgorithm::redact:
        masked.value.sql = "'REDACTED'";
        break;
      case MaskAlgorithm::fixed:
        masked.value.sql = duck::quote_text(mask_.parameter);
        break;
      case MaskAlgorithm::stars:
        masked.value.sql = stars(text_);
        break;
      case MaskAlgorithm::email:
      case MaskAlgorithm::phone:
      case MaskAlgorithm::credit_card:
      case MaskAlgorithm::ssn:
      case MaskAlgorithm::partial:
      case MaskAlgorithm::first_letter:
        masked.value.sql = part();
        break;
      case MaskAlgorithm::sequential:
        masked.value = {fmt::format("CAST({} AS BIGINT)", call(masked, sequence())), TypeId::bigint};
        break;
      case MaskAlgorithm::random:
        masked.value = {fmt::format("({}) % 1000000", dice(masked)), TypeId::bigint};
        break;
      case MaskAlgorithm::round:
      case MaskAlgorithm::range:
      case MaskAlgorithm::noise:
        number(masked);
        break;
      case MaskAlgorithm::date_shift:
      case MaskAlgorithm::year_only:
      case MaskAlgorithm::month_year:
        time(masked);
        break;
    }
    return masked;
  }

 private:
  const std::string& parameter() const { return mask_.parameter; }
  bool is_text() const { return value_.inferred || value_.type.id == TypeId::varchar || value_.type.id == TypeId::null; }
  bool is_bytes() const { return !value_.inferred && value_.type.id == TypeId::blob; }
  const std::string& bytes_or_text() const { return is_bytes() ? value_.sql : text_; }
  static std::string stars(const std::string& text) { return fmt::format("repeat('*', length({}))", text); }

  std::string call(MaskedValue& masked, duck::TextFunction function) const {
    std::string sql = fmt::format("{}({})", function.name, text_);
    masked.needed.push_back(std::move(function));
    return sql;
  }

  // 52 bits that follow from the value and from a key that only this run knows.
  std::string dice(MaskedValue& masked) const {
    return fmt::format("CAST('0x' || left({}, 13) AS BIGINT)", call(masked, keyed_hash(random_key())));
  }

  // Version 8 of RFC 9562: of bits that somebody else has made.
  std::string uuid() const {
    return fmt::format(
        "regexp_replace(sha256({}), '^(.{{8}})(.{{4}}).(.{{3}}).(.{{3}})(.{{12}}).*$', '\\1-\\2-8\\3-a\\4-\\5')",
        bytes_or_text());
  }

  std::string part() const {
    const std::string sql = part_of_text();
    if (!value_.inferred) return sql;
    // An object or an array has parts that nobody has looked at.
    return fmt::format("CASE WHEN left({}::VARCHAR, 1) IN ('{{', '[') THEN '***' ELSE {} END", value_.sql, sql);
  }

  std::string part_of_text() const {
    const std::string digits = fmt::format("regexp_replace({}, '[^0-9]', '', 'g')", text_);
    switch (mask_.algorithm) {
      case MaskAlgorithm::email:
        return fmt::format(
            "CASE WHEN regexp_full_match({0}, '[^@]+@[^@]+') THEN left({0}, 1) || '***' || substr({0}, strpos({0}, '@')) "
            "ELSE '***' END",
            text_);
      case MaskAlgorithm::phone:
        return fmt::format(
            "CASE WHEN length({1}) < 7 THEN regexp_replace({0}, '[\\p{{L}}\\p{{N}}]', '*', 'g') ELSE "
            "regexp_replace(regexp_extract({0}, '(?s)^(.*?)(?:[0-9][^0-9]*){{4}}$', 1), '[\\p{{L}}\\p{{N}}]', '*', 'g') || "
            "regexp_replace(regexp_extract({0}, '(?s)^.*?((?:[0-9][^0-9]*){{4}})$', 1), '\\p{{L}}', '*', 'g') END",
            text_, digits);
      case MaskAlgorithm::credit_card:
        return fmt::format("'****-****-****-' || CASE WHEN length({0}) >= 12 THEN right({0}, 4) ELSE '****' END", digits);
      case MaskAlgorithm::ssn:
        return fmt::format("'***-**-' || CASE WHEN length({0}) = 9 THEN right({0}, 4) ELSE '****' END", digits);
      case MaskAlgorithm::partial:
        return fmt::format(
            "CASE WHEN length({0}) <= 2 * {1} THEN {2} ELSE left({0}, {1}) || repeat('*', length({0}) - 2 * {1}) || "
            "right({0}, {1}) END",
            text_, parameter(), stars(text_));
      default:
        return fmt::format("CASE WHEN {0} = '' THEN '' ELSE left({0}, 1) || '***' END", text_);
    }
  }

  void number(MaskedValue& masked) const {
    masked.wanted = "number of at most 18 digits";
    const duck::Cast as_double = duck::strict_cast(value_, TypeId::double_);
    const std::string number = as_double.value;
    masked.fits = fmt::format("CASE WHEN {0} THEN abs({1}) < 1e18 ELSE false END", as_double.fits, number);
    switch (mask_.algorithm) {
      case MaskAlgorithm::round:
        masked.value = {fmt::format("CAST(round({} / {}) * {} AS BIGINT)", number, parameter(), parameter()), TypeId::bigint};
        break;
      case MaskAlgorithm::range:
        masked.value.sql = fmt::format(
            "CAST(CAST(floor({0} / {1}) * {1} AS HUGEINT) AS VARCHAR) || '-' || CAST(CAST(floor({0} / {1}) * {1} + {1} AS "
            "HUGEINT) AS VARCHAR)",
            number, parameter());
        break;
      default:
        masked.value = {fmt::format("{} * (1 + {} * (2 * ({}) / 4503599627370496.0 - 1))", number, parameter(), dice(masked)),
                        TypeId::double_};
    }
  }

  void time(MaskedValue& masked) const {
    masked.wanted = "date or time";
    // Text keeps its form, so that it becomes the type that it would have become.
    if (is_text()) masked.fits = duck::strict_cast(value_, TypeId::timestamp_tz).fits;
    switch (mask_.algorithm) {
      case MaskAlgorithm::date_shift:
        masked.value = {shifted(masked), value_.type, value_.inferred};
        break;
      case MaskAlgorithm::year_only:
        masked.value = {is_text() ? fmt::format("CAST(left({}, 4) AS BIGINT)", text_)
                                  : fmt::format("year({})", value_.sql),
                        TypeId::bigint};
        break;
      default:
        masked.value.sql = is_text() ? fmt::format("left({}, 7)", text_) : fmt::format("strftime({}, '%Y-%m')", value_.sql);
    }
  }

  std::string shifted(MaskedValue& masked) const {
    const std::string dice_sql = dice(masked);
    const std::string days = fmt::format("CAST((1 + {0} % {1}) * (CASE WHEN ({0} // {1}) % 2 = 0 THEN 1 ELSE -1 END) AS INTEGER)",
                                         dice_sql, parameter());
    if (is_text()) {
      const std::string text =
          fmt::format("strftime(CAST(left({0}, 10) AS DATE) + {1}, '%Y-%m-%d') || substr({0}, 11)", text_, days);
      return value_.inferred ? fmt::format("to_json({})", text) : text;
    }
    if (value_.type.id == TypeId::date) return fmt::format("{} + {}", value_.sql, days);
    return fmt::format("{} + to_days({})", value_.sql, days);
  }

  const Mask& mask_;
  const duck::Value& value_;
  const std::string text_;
};

// Nothing when the mask can hide such values; else what it needs.
std::string_view lacking(Domain domain, const Type& type) {
  if (type.id == TypeId::varchar || type.id == TypeId::null) return "";
  switch (domain) {
    case Domain::any:
      return "";
    case Domain::text:
      return type.id == TypeId::json || type.id == TypeId::list || type.id == TypeId::blob
                 ? "it keeps a part of a text, and nobody knows what the part of such a value is; use hash, redact or stars"
                 : "";
    case Domain::numbers:
      return is_number(type) ? "" : "it needs numbers";
    case Domain::times:
      return is_time(type) ? "" : "it needs dates or times";
  }
  return "";
}

[[noreturn]] void refuse(const Mask& mask, const Type& type, std::string_view why) {
  throw Error(ErrorKind::unsupported, fmt::format("the mask {} cannot hide column {}, which is {}: {}",
                                                  to_string(mask.algorithm), mask.column, to_string(type), why));
}

// Each element on its own.
MaskedValue masked_list(const Mask& mask, const duck::Value& list) {
  const Type& element = *list.type.element;
  MaskedValue masked = MaskSql(mask, {"element", element, false}).make();
  if (element.id != TypeId::varchar || masked.value.type.id != TypeId::varchar || !masked.fits.empty()) {
    refuse(mask, list.type, "of lists it can hide those of text, with a mask that makes a text of any; use hash, redact or stars");
  }
  masked.value = {fmt::format("list_transform({}, lambda element: CASE WHEN element IS NULL THEN NULL ELSE {} END)", list.sql,
                              masked.value.sql),
                  Type::list_of(TypeId::varchar)};
  return masked;
}

}  // namespace

std::vector<Mask> parse_masks(const std::vector<std::string>& texts) {
  std::vector<Mask> masks;
  for (const std::string& text : texts) {
    Mask mask = parse_mask(text);
    for (const Mask& other : masks) {
      if (equal_ignoring_case(other.column, mask.column)) {
        throw Error(ErrorKind::usage, fmt::format("the column {} has two masks; choose one", mask.column));
      }
    }
    masks.push_back(std::move(mask));
  }
  return masks;
}

std::string_view to_string(MaskAlgorithm algorithm) { return algorithm_of(algorithm).name; }

bool keeps_keys(MaskAlgorithm algorithm) {
  switch (algorithm) {
    case MaskAlgorithm::sha256:
    case MaskAlgorithm::md5:
    case MaskAlgorithm::hmac:
    case MaskAlgorithm::uuid:
      return true;
    default:
      return false;
  }
}

MaskedValue masked(const Mask& mask, const duck::Value& value) {
  if (value.inferred) return MaskSql(mask, value).make();
  if (value.type.id == TypeId::list) return masked_list(mask, value);
  const std::string_view why = lacking(algorithm_of(mask.algorithm).domain, value.type);
  if (!why.empty()) refuse(mask, value.type, why);
  return MaskSql(mask, value).make();
}

}  // namespace ingestr
