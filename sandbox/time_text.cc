#include "time_text.h"

#include <fmt/core.h>

#include <array>
#include <chrono>
#include <cstring>

namespace sandbox {
namespace {

struct Parts {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  int hour, minute, second, millisecond;
};

Parts parts_of(Milliseconds time) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds(time)};
  const auto day = floor<days>(point);
  const auto rest = static_cast<int>((point - day).count());
  return {year_month_day(day), weekday(day),     rest / 3600000,
          rest / 60000 % 60,   rest / 1000 % 60, rest % 1000};
}

void put_digits(char* out, unsigned value, int count) {
  for (int i = count - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

void write_timestamp(Milliseconds time, char* out) {
  const Parts parts = parts_of(time);
  std::memcpy(out, "0000-00-00T00:00:00.000000000Z", kTimestampLength);
  put_digits(out, static_cast<unsigned>(int(parts.date.year())), 4);
  put_digits(out + 5, unsigned(parts.date.month()), 2);
  put_digits(out + 8, unsigned(parts.date.day()), 2);
  put_digits(out + 11, static_cast<unsigned>(parts.hour), 2);
  put_digits(out + 14, static_cast<unsigned>(parts.minute), 2);
  put_digits(out + 17, static_cast<unsigned>(parts.second), 2);
  put_digits(out + 20, static_cast<unsigned>(parts.millisecond), 3);
}

std::string timestamp_text(Milliseconds time) {
  std::string text(kTimestampLength, '\0');
  write_timestamp(time, text.data());
  return text;
}

std::string http_date(Milliseconds time) {
  // Not strftime: its names depend on the locale.
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Parts parts = parts_of(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[parts.weekday.c_encoding()],
                     unsigned(parts.date.day()), kMonths[unsigned(parts.date.month()) - 1],
                     int(parts.date.year()), parts.hour, parts.minute, parts.second);
}

std::optional<Milliseconds> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  static constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kShape.size() + 1 || text.back() != 'Z') return std::nullopt;
  const auto digit = [&](size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  for (size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] == 'd' ? !digit(i) : text[i] != kShape[i]) return std::nullopt;
  const auto number = [&](size_t from, size_t count) {
    int value = 0;
    for (size_t i = from; i < from + count; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  int fraction = 0;
  const size_t digits = text.size() - kShape.size() - 2;
  if (text.size() > kShape.size() + 1) {
    if (text[kShape.size()] != '.' || digits < 1 || digits > 9) return std::nullopt;
    for (size_t i = 0; i < digits; ++i)
      if (!digit(kShape.size() + 1 + i)) return std::nullopt;
    for (size_t i = 0; i < 3; ++i)
      fraction = fraction * 10 + (i < digits ? text[kShape.size() + 1 + i] - '0' : 0);
  }
  const year_month_day date(year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                            std::chrono::day(static_cast<unsigned>(number(8, 2))));
  if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59)
    return std::nullopt;
  const auto seconds = ((number(11, 2) * 60) + number(14, 2)) * 60 + number(17, 2);
  return sys_days(date).time_since_epoch() / milliseconds(1) + Milliseconds{seconds} * 1000 +
         fraction;
}

}  // namespace sandbox
