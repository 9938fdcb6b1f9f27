#include "data/batch_builder.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <new>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {
namespace {

// "-12.5e1" at scale 2 -> "-12500". Nothing when digits would be lost or there are too many.
std::optional<std::string> unscaled_digits(std::string_view number, int precision, int scale) {
  std::string digits;
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  int power = scale;  // how many zeros to add at the end
  const size_t exponent = number.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view text = number.substr(exponent + 1);
    if (text.starts_with('+')) text.remove_prefix(1);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || std::abs(value) > 100) return std::nullopt;
    power += value;
    number = number.substr(0, exponent);
  }
  if (const size_t point = number.find('.'); point != std::string_view::npos) {
    power -= static_cast<int>(number.size() - point - 1);
    digits = std::string(number.substr(0, point)) + std::string(number.substr(point + 1));
  } else {
    digits = number;
  }
  for (; power < 0; ++power) {
    if (digits.empty() || digits.back() != '0') return std::nullopt;
    digits.pop_back();
  }
  digits.append(static_cast<size_t>(power), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > static_cast<size_t>(precision)) return std::nullopt;
  if (digits.empty()) return "0";
  return negative ? "-" + digits : digits;
}

void check_cell(ArrowErrorCode code) {
  if (code == ENOMEM) throw std::bad_alloc();
  if (code != NANOARROW_OK) {
    throw Error(ErrorKind::internal, fmt::format("a cell does not fit the type of its column (nanoarrow says {})", code));
  }
}

}  // namespace

int64_t interval_nanoseconds(int64_t microseconds, const std::string& column) {
  constexpr int64_t kNanoseconds = 1'000, kLongest = std::numeric_limits<int64_t>::max() / kNanoseconds, kHour = 3'600'000'000;
  if (microseconds >= -kLongest && microseconds <= kLongest) return microseconds * kNanoseconds;
  throw Error(ErrorKind::unsupported,
              fmt::format("column {}: the time of an interval is of {} hours, and rows that are handed on in batches have at most {}; take it as "
                          "text, as in query:SELECT …, CAST({} AS text) AS {}",
                          column, microseconds / kHour, kLongest / kHour, column, column));
}

BatchBuilder::BatchBuilder(Schema schema) : schema_(std::make_shared<Schema>(std::move(schema))) { start(); }

void BatchBuilder::start() {
  const nanoarrow::UniqueSchema arrow = arrow_schema(*schema_);
  array_.reset();
  check_cell(ArrowArrayInitFromSchema(array_.get(), arrow.get(), nullptr));
  check_cell(ArrowArrayStartAppending(array_.get()));
  rows_ = 0;
  bytes_ = 0;
}

size_t BatchBuilder::add_column(Column column) {
  schema_ = std::make_shared<Schema>(*schema_);
  schema_->columns.push_back(std::move(column));
  // An Arrow struct cannot grow: its children move over to a wider one.
  nanoarrow::UniqueArray old = std::move(array_);
  const int64_t rows = rows_;
  const uint64_t bytes = bytes_;
  start();
  rows_ = rows;
  bytes_ = bytes;
  for (int64_t i = 0; i < old->n_children; ++i) {
    ArrowArrayRelease(array_->children[i]);
    ArrowArrayMove(old->children[i], array_->children[i]);
  }
  array_->length = old->length;
  if (rows > 0) check_cell(ArrowArrayAppendNull(array_->children[old->n_children], rows));
  return schema_->columns.size() - 1;
}

void BatchBuilder::set_inferred_type(size_t column, const Type& type) {
  if (schema_->columns[column].type == type) return;
  schema_ = std::make_shared<Schema>(*schema_);
  schema_->columns[column].type = type;
}

bool BatchBuilder::claim(size_t column) { return array_->children[column]->length == rows_; }

void BatchBuilder::set_text(size_t column, std::string_view utf8) {
  if (!claim(column)) return;
  check_cell(ArrowArrayAppendString(array_->children[column], {utf8.data(), static_cast<int64_t>(utf8.size())}));
  bytes_ += utf8.size() + sizeof(int32_t);
}

void BatchBuilder::set_bytes(size_t column, std::string_view bytes) {
  if (!claim(column)) return;
  check_cell(ArrowArrayAppendBytes(array_->children[column], {{bytes.data()}, static_cast<int64_t>(bytes.size())}));
  bytes_ += bytes.size() + sizeof(int32_t);
}

void BatchBuilder::set_boolean(size_t column, bool value) {
  if (claim(column)) check_cell(ArrowArrayAppendInt(array_->children[column], value ? 1 : 0));
}

void BatchBuilder::set_integer(size_t column, int64_t value) {
  if (!claim(column)) return;
  check_cell(ArrowArrayAppendInt(array_->children[column], value));
  bytes_ += sizeof(value);
}

void BatchBuilder::set_double(size_t column, double value) {
  if (!claim(column)) return;
  check_cell(ArrowArrayAppendDouble(array_->children[column], value));
  bytes_ += sizeof(value);
}

void BatchBuilder::set_interval(size_t column, int32_t months, int32_t days, int64_t micros) {
  if (!claim(column)) return;
  ArrowInterval interval;
  ArrowIntervalInit(&interval, NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO);
  interval.months = months;
  interval.days = days;
  interval.ns = interval_nanoseconds(micros, schema_->columns[column].name);
  check_cell(ArrowArrayAppendInterval(array_->children[column], &interval));
  bytes_ += 16;
}

bool BatchBuilder::set_decimal(size_t column, std::string_view number) {
  const Type& type = schema_->columns[column].type;
  const std::optional<std::string> digits = unscaled_digits(number, type.precision, type.scale);
  if (!digits) return false;
  if (!claim(column)) return true;
  ArrowDecimal decimal;
  ArrowDecimalInit(&decimal, 128, type.precision, type.scale);
  check_cell(ArrowDecimalSetDigits(&decimal, {digits->data(), static_cast<int64_t>(digits->size())}));
  check_cell(ArrowArrayAppendDecimal(array_->children[column], &decimal));
  bytes_ += 16;
  return true;
}

void BatchBuilder::set_texts(size_t column, const std::vector<std::optional<std::string>>& values) {
  if (!claim(column)) return;
  ArrowArray* list = array_->children[column];
  for (const std::optional<std::string>& value : values) {
    if (!value) {
      check_cell(ArrowArrayAppendNull(list->children[0], 1));
      continue;
    }
    check_cell(ArrowArrayAppendString(list->children[0], {value->data(), static_cast<int64_t>(value->size())}));
    bytes_ += value->size() + sizeof(int32_t);
  }
  check_cell(ArrowArrayFinishElement(list));
}

void BatchBuilder::end_row() {
  for (int64_t i = 0; i < array_->n_children; ++i) {
    if (claim(static_cast<size_t>(i))) check_cell(ArrowArrayAppendNull(array_->children[i], 1));
  }
  ++rows_;
  ++array_->length;
}

Batch BatchBuilder::take() {
  check_cell(ArrowArrayFinishBuildingDefault(array_.get(), nullptr));
  Batch batch(schema_, std::move(array_), bytes_);
  start();
  return batch;
}

}  // namespace ingestr
