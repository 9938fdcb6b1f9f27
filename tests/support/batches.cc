#include "support/batches.h"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "base/text.h"
#include "base/time.h"

namespace ingestr {
namespace {

void check(ArrowErrorCode code, const std::string& text) {
  if (code != NANOARROW_OK) throw std::invalid_argument("a test's cell cannot be written: " + text);
}

template <class T>
T required(const std::optional<T>& value, const std::string& text) {
  if (!value) throw std::invalid_argument("a test's cell is not what its column wants: " + text);
  return *value;
}

ArrowErrorCode append_decimal(ArrowArray* out, const Type& type, const std::string& text) {
  ArrowDecimal decimal;
  ArrowDecimalInit(&decimal, 128, type.precision, type.scale);
  const size_t point = text.find('.');
  const std::string fraction = point == std::string::npos ? "" : text.substr(point + 1);
  const std::string digits =
      text.substr(0, point) + fraction + std::string(type.scale - fraction.size(), '0');
  const ArrowErrorCode code = ArrowDecimalSetDigits(&decimal, ArrowCharView(digits.c_str()));
  return code == NANOARROW_OK ? ArrowArrayAppendDecimal(out, &decimal) : code;
}

ArrowErrorCode append_time(ArrowArray* out, const std::string& text) {
  return ArrowArrayAppendInt(out, required(parse_iso_timestamp("1970-01-01T" + text), text).micros);
}

ArrowErrorCode append_interval(ArrowArray* out, const std::string& text) {
  ArrowInterval interval;
  ArrowIntervalInit(&interval, NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO);
  long long micros = 0;
  if (std::sscanf(text.c_str(), "%d %d %lld", &interval.months, &interval.days, &micros) != 3)
    return EINVAL;
  interval.ns = micros * 1000;
  return ArrowArrayAppendInterval(out, &interval);
}

void append(ArrowArray* out, const Type& type, const std::optional<std::string>& cell);

void append_list(ArrowArray* out, const Type& type, const std::string& text) {
  std::vector<std::string> parts = split(text, '|');  // "|a|b|" gives an empty part at each end
  for (size_t i = 1; i + 1 < parts.size(); ++i) {
    append(out->children[0], *type.element,
           parts[i] == "~" ? std::nullopt : std::optional(parts[i]));
  }
  check(ArrowArrayFinishElement(out), text);
}

void append(ArrowArray* out, const Type& type, const std::optional<std::string>& cell) {
  if (!cell) return check(ArrowArrayAppendNull(out, 1), "NULL");
  const std::string& text = *cell;
  switch (type.id) {
    case TypeId::boolean:
      return check(ArrowArrayAppendInt(out, text == "true" ? 1 : 0), text);
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
      return check(ArrowArrayAppendInt(out, std::stoll(text)), text);
    case TypeId::real:
    case TypeId::double_:
      return check(ArrowArrayAppendDouble(out, std::stod(text)), text);
    case TypeId::decimal:
      return check(append_decimal(out, type, text), text);
    case TypeId::date:
      return check(ArrowArrayAppendInt(out, required(parse_iso_date(text), text)), text);
    case TypeId::time:
      return check(append_time(out, text), text);
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
      return check(ArrowArrayAppendInt(out, required(parse_iso_timestamp(text), text).micros),
                   text);
    case TypeId::interval:
      return check(append_interval(out, text), text);
    case TypeId::list:
      return append_list(out, type, text);
    case TypeId::null:
    case TypeId::varchar:
    case TypeId::uuid:
    case TypeId::json:
      break;
    case TypeId::blob:
      return check(ArrowArrayAppendBytes(out, {{text.data()}, static_cast<int64_t>(text.size())}),
                   text);
  }
  check(ArrowArrayAppendString(out, {text.data(), static_cast<int64_t>(text.size())}), text);
}

}  // namespace

Batch batch_of(const Schema& schema, const std::vector<Cells>& rows) {
  const nanoarrow::UniqueSchema arrow = arrow_schema(schema);
  nanoarrow::UniqueArray array;
  check(ArrowArrayInitFromSchema(array.get(), arrow.get(), nullptr), "schema");
  check(ArrowArrayStartAppending(array.get()), "schema");
  uint64_t bytes = 0;
  for (const Cells& row : rows) {
    if (row.size() != schema.columns.size())
      throw std::invalid_argument("a test's row has too few or too many cells");
    for (size_t i = 0; i < row.size(); ++i) {
      const Column& column = schema.columns[i];
      append(array->children[i], column.inferred ? Type(TypeId::json) : column.type, row[i]);
      bytes += row[i] ? row[i]->size() : 0;
    }
    check(ArrowArrayFinishElement(array.get()), "row");
  }
  check(ArrowArrayFinishBuildingDefault(array.get(), nullptr), "batch");
  return Batch(std::make_shared<const Schema>(schema), std::move(array), bytes);
}

}  // namespace ingestr
