#include "base/time.h"

#include <array>
#include <cctype>

#include <fmt/format.h>

namespace ingestr {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// Of the years that four digits can write in ISO 8601; engines and programs write others in ways that nothing reads.
constexpr int64_t kDayMicros = 86'400'000'000;
constexpr int64_t kFirstMicros = sys_days(year(1) / 1 / 1).time_since_epoch().count() * kDayMicros;
constexpr int64_t kEndMicros = sys_days(year(10'000) / 1 / 1).time_since_epoch().count() * kDayMicros;

// Reads fixed-width digits off the front of a text; once a read fails all later ones fail too.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  int digits(size_t count) {
    int value = 0;
    if (text_.size() < count) return fail();
    for (size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return fail();
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }
  bool accept(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  void expect(std::string_view literal) {
    if (text_.substr(0, literal.size()) != literal) {
      fail();
    } else {
      text_.remove_prefix(literal.size());
    }
  }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool done() const { return ok_ && text_.empty(); }
  bool ok() const { return ok_; }
  std::string_view rest() const { return text_; }
  int fail() {
    ok_ = false;
    return 0;
  }

 private:
  std::string_view text_;
  bool ok_ = true;
};

std::optional<sys_days> read_date(Reader& reader) {
  const int y = reader.digits(4);
  reader.expect('-');
  const int m = reader.digits(2);
  reader.expect('-');
  const int d = reader.digits(2);
  const year_month_day date(year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d)));
  if (!reader.ok() || !date.ok() || y < 1) return std::nullopt;
  return sys_days(date);
}

// Digits after the point: micros, and whether nothing but zeros followed the sixth.
void read_fraction(Reader& reader, Timestamp& time) {
  int64_t scale = 100'000;
  bool any = false;
  while (std::isdigit(static_cast<unsigned char>(reader.peek())) != 0) {
    const int digit = reader.digits(1);
    any = true;
    time.micros += digit * scale;
    if (scale == 0 && digit != 0) time.exact = false;
    scale /= 10;
  }
  if (!any) reader.fail();
}

// "Z", "+01:00", "-0330", "+01": micros to subtract. Nothing was given: not zoned.
void read_zone(Reader& reader, Timestamp& time) {
  if (reader.accept('Z')) {
    time.zoned = true;
    return;
  }
  const char sign = reader.peek();
  if (sign != '+' && sign != '-') return;
  reader.accept(sign);
  const int hours = reader.digits(2);
  const bool is_whole = reader.rest().empty();
  if (!is_whole) reader.accept(':');
  const int minutes = is_whole ? 0 : reader.digits(2);
  if (hours > 15 || minutes > 59) reader.fail();
  const int64_t offset = (hours * 60 + minutes) * int64_t{60'000'000};
  time.micros += sign == '+' ? -offset : offset;
  time.zoned = true;
}

}  // namespace

std::optional<int32_t> parse_iso_date(std::string_view text) {
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date || !reader.done()) return std::nullopt;
  return static_cast<int32_t>(date->time_since_epoch().count());
}

std::optional<Timestamp> parse_iso_timestamp(std::string_view text) {
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date) return std::nullopt;
  if (!reader.accept('T')) reader.expect(' ');
  const int hours = reader.digits(2);
  reader.expect(':');
  const int minutes = reader.digits(2);
  const bool has_seconds = reader.accept(':');
  const int seconds = has_seconds ? reader.digits(2) : 0;
  if (hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  Timestamp time;
  time.micros = date->time_since_epoch().count() * kDayMicros +
                (hours * 3600 + minutes * 60 + seconds) * int64_t{1'000'000};
  if (has_seconds && reader.accept('.')) read_fraction(reader, time);
  read_zone(reader, time);
  if (!reader.done() || time.micros < kFirstMicros || time.micros >= kEndMicros) return std::nullopt;
  return time;
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // The day's name says nothing that the date does not.
  const size_t comma = text.find(", ");
  if (comma != 3) return std::nullopt;
  Reader reader(text.substr(comma + 2));
  const int d = reader.digits(2);
  reader.expect(' ');
  const std::string_view name = reader.rest().substr(0, 3);
  unsigned m = 0;
  while (m < kMonths.size() && kMonths[m] != name) ++m;
  if (m == kMonths.size()) return std::nullopt;
  reader.expect(name);
  reader.expect(' ');
  const int y = reader.digits(4);
  reader.expect(' ');
  const int hours = reader.digits(2);
  reader.expect(':');
  const int minutes = reader.digits(2);
  reader.expect(':');
  const int seconds = reader.digits(2);
  reader.expect(" GMT");
  const year_month_day date(year(y), month(m + 1), day(static_cast<unsigned>(d)));
  if (!reader.done() || !date.ok() || hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  return sys_days(date) + std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

std::string format_iso(SystemTime time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

}  // namespace ingestr
