#include "sources/files/sheet_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"
#include "files/excel_value.h"
#include "sources/files/lines.h"

namespace ingestr::files {
namespace {

constexpr uint64_t kSheetRows = 1'048'576;
constexpr size_t kLinesTogether = 1 << 20;

std::optional<uint64_t> whole_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::optional<double> double_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string sheet_key(size_t column) { return std::to_string(column); }

void SheetColumn::see_number(std::string_view digits, bool is_double) {
  see(kNumber);
  only_doubles_ = only_doubles_ && is_double;
  numbers_.see_number(digits);
}

Type SheetColumn::type() const {
  switch (seen_) {
    case 0:
      return TypeId::null;
    case kNumber:
      return numbers_.type().id == TypeId::varchar && only_doubles_ ? Type(TypeId::double_) : numbers_.type();
    case kBoolean:
      return TypeId::boolean;
    case kDate:
      return TypeId::date;
    case kTimestamp:
    case kDate | kTimestamp:
      return TypeId::timestamp;
    case kTime:
      return TypeId::time;
    default:
      return TypeId::varchar;
  }
}

SheetReader::SheetReader(Workbook& workbook, std::string sheet, SheetColumns& columns, Take take, std::string also)
    : workbook_(workbook), texts_(workbook.texts()), sheet_(std::move(sheet)), columns_(columns), take_(std::move(take)), also_(std::move(also)) {}

std::string SheetReader::cell() const { return fmt::format("{}{}", column_letters(column_), row_); }

void SheetReader::damaged(std::string_view what) const {
  throw Error(ErrorKind::bad_data, fmt::format("it is a damaged workbook: sheet \"{}\", {}; open it with the program that made it, or fetch it again",
                                               sheet_, what));
}

void SheetReader::begin(std::string_view name, const XmlAttributes& attributes) {
  if (in_cell_) {
    if (name == "v") in_value_ = has_value_ = true;
    if (name == "is") has_text_ = true;
    if (name == "f") has_formula_ = true;
    if (has_text_) text_.begin(name);
  } else if (name == "sheetData") {
    in_data_ = true;
  } else if (in_data_ && name == "row") {
    begin_row(attributes);
  } else if (in_data_ && name == "c") {
    begin_cell(attributes);
  }
}

void SheetReader::text(std::string_view some) {
  if (in_value_) {
    value_ += some;
    check_cell_bytes(value_.size());
  } else if (has_text_) {
    text_.add(some);
  }
}

void SheetReader::end(std::string_view name) {
  if (in_cell_) {
    if (has_text_) text_.end(name);
    if (name == "v") in_value_ = false;
    if (name == "c") end_cell();
  } else if (in_data_ && name == "row") {
    end_row();
  } else if (name == "sheetData") {
    in_data_ = false;
  }
}

// What has no number is beside what stands in front of it.
void SheetReader::begin_row(const XmlAttributes& attributes) {
  const char* reference = attributes.find("r");
  const auto row = reference == nullptr ? std::optional(row_ + 1) : whole_number(reference);
  if (!row || *row <= row_ || *row > kSheetRows) damaged(fmt::format("a row behind row {} has no place", row_));
  if (header_row_) empty_rows_ += *row - row_ - 1;
  row_ = *row;
  next_column_ = 0;
  is_meant_ = false;
}

void SheetReader::begin_cell(const XmlAttributes& attributes) {
  const char* reference = attributes.find("r");
  const auto column = reference == nullptr ? std::optional(next_column_) : column_of_cell(reference);
  if (!column || *column < next_column_) damaged(fmt::format("a cell of row {} has no place", row_));
  column_ = *column;
  next_column_ = column_ + 1;
  if (column_letters(column_).size() > 3 || column_ >= 16'384) damaged(fmt::format("row {} has more cells than Excel can have", row_));
  const char* style = attributes.find("s");
  const char* type = attributes.find("t");
  style_ = style == nullptr ? 0 : whole_number(style).value_or(0);
  type_ = type == nullptr ? "n" : type;
  value_.clear();
  in_cell_ = true;
  has_value_ = has_text_ = has_formula_ = false;
  // Excel tells where each cell is. Who leaves that out writes rows one after the other, and each of them is meant.
  if (reference == nullptr) is_meant_ = true;
}

void SheetReader::end_cell() {
  in_cell_ = false;
  check_result();
  if (type_ == "inlineStr") {
    if (has_text_) put_text(text_.take());
  } else if (has_value_) {
    put_value();
  }
}

// Libraries that write workbooks without working them out leave the result out, or empty; that of a formula whose result is empty is a text.
void SheetReader::check_result() const {
  const bool has_result = has_text_ || (has_value_ && (type_ == "str" || !trim(value_).empty()));
  if (!has_formula_ || has_result) return;
  throw Error(ErrorKind::bad_data, fmt::format("sheet \"{}\", cell {} has a formula without its result; open the workbook and save it in Excel or "
                                               "LibreOffice, which stores results",
                                               sheet_, cell()));
}

void SheetReader::put_value() {
  const std::string_view value = type_ == "str" ? std::string_view(value_) : trim(value_);
  if (type_ == "str") return put_text(excel_decoded(value));
  if (value.empty()) return;
  if (type_ == "s") {
    const auto position = whole_number(value);
    if (!position || *position >= texts_.count()) damaged(fmt::format("cell {} names a text that there is not", cell()));
    return put_text(texts_.at(*position));
  }
  if (type_ == "b") {
    const bool is_true = value == "1" || value == "true";
    if (!is_true && value != "0" && value != "false") damaged(fmt::format("cell {} is neither true nor false", cell()));
    if (header_row_) column().see(SheetColumn::kBoolean);
    return put(is_true ? "true" : "false");
  }
  if (type_ == "d") return put_iso_time(value);
  if (type_ == "n") return put_number(value);
  put_text(value);  // of an error: #N/A
}

void SheetReader::put_number(std::string_view digits) {
  const CellForm form = workbook_.form(style_);
  const std::optional<double> days = form == CellForm::number ? std::nullopt : double_of(digits);
  if (days && form == CellForm::elapsed) {
    if (const auto text = elapsed_text(*days)) return put_text(*text);
  } else if (days) {
    if (const auto time = excel_time(*days, workbook_.counts_from_1904())) {
      if (form == CellForm::time && *days < 1 && (*days < 0.5 || !time->is_whole)) return put_text(time->time, SheetColumn::kTime);
      if (time->day && form == CellForm::date && time->is_whole) return put_text(*time->day, SheetColumn::kDate);
      if (time->day) return put_text(fmt::format("{} {}", *time->day, time->time), SheetColumn::kTimestamp);
    }
  }
  if (!TypeEvidence::is_json_number(digits)) return put_text(digits);
  const std::optional<std::string> text = double_text(digits);
  if (text) digits = *text;
  if (header_row_) column().see_number(digits, text.has_value());
  put(digits);
}

// Of the format's strict form: a date, a timestamp or a time of day in ISO 8601.
void SheetReader::put_iso_time(std::string_view text) {
  TypeEvidence evidence;
  evidence.see_string(text);
  const TypeId type = evidence.type().id;
  const bool is_day = workbook_.form(style_) == CellForm::date && type == TypeId::timestamp && text.substr(10) == "T00:00:00";
  if (type == TypeId::date || is_day) return put_text(text.substr(0, 10), SheetColumn::kDate);
  if (type != TypeId::timestamp) return put_text(text);
  std::string spaced(text);
  spaced[10] = ' ';
  put_text(spaced, SheetColumn::kTimestamp);
}

void SheetReader::put_text(std::string_view text, SheetColumn::Kind kind) {
  if (!header_row_) {
    header_.resize(column_ + 1);
    header_[column_] = text;
    return;
  }
  SheetColumn& of = column();
  of.see(kind);
  std::string json;
  append_json_text(json, text);
  put(json);
}

SheetColumn& SheetReader::column() {
  if (column_ < places_.size()) return columns_[places_[column_]];
  throw Error(ErrorKind::bad_data,
              fmt::format("sheet \"{}\", cell {} has a value, but row {}, which names the columns, ends at {}{}; write a name for the column into "
                          "{}{}, or delete what stands above the table",
                          sheet_, cell(), *header_row_, column_letters(static_cast<uint32_t>(places_.size()) - 1), *header_row_,
                          column_letters(column_), *header_row_));
}

void SheetReader::put(std::string_view json) {
  if (!header_row_) {
    header_.resize(column_ + 1);
    header_[column_] = json;
    return;
  }
  line_ += line_.empty() ? "{\"" : ",\"";
  line_ += sheet_key(places_[column_]);
  line_ += "\":";
  line_ += json;
  if (line_.size() >= kLongestRow) {
    throw Error(ErrorKind::bad_data, fmt::format("sheet \"{}\": row {} is longer than {}, which is too long", sheet_, row_, human_bytes(kLongestRow)));
  }
}

// Names that are written come first: what has none must not take theirs.
void SheetReader::end_header() {
  if (header_.empty()) return;
  header_row_ = static_cast<uint32_t>(row_);
  std::vector<std::string> names;
  for (const auto& text : header_) names.push_back(!text || trim(*text).empty() ? "" : free_name(*text, names));
  bool is_left = true;  // of the first name
  for (size_t i = 0; i < names.size(); ++i) {
    const bool has_name = !names[i].empty();
    is_left = is_left && !has_name;
    if (!has_name) names[i] = free_name(fmt::format("column_{}", i + 1), names);
    const auto known = std::ranges::find_if(columns_, [&](const SheetColumn& each) { return equal_ignoring_case(each.name(), names[i]); });
    places_.push_back(static_cast<size_t>(known - columns_.begin()));
    if (known == columns_.end()) columns_.emplace_back(names[i], is_left);
    if (!is_left) columns_[places_.back()].keep();
  }
}

void SheetReader::end_row() {
  if (!header_row_) return end_header();
  if (line_.empty() && !is_meant_) {
    ++empty_rows_;
    return;
  }
  for (; empty_rows_ > 0; --empty_rows_) put_line("{}");
  put_line(line_.empty() ? "{}" : line_ + "}");
  line_.clear();
}

void SheetReader::put_line(std::string_view line) {
  ++rows_;
  if (also_.empty()) {
    lines_ += line;
  } else {
    lines_ += "{" + also_;
    if (line != "{}") lines_ += ',';
    lines_ += line.substr(1);
  }
  lines_ += '\n';
  if (lines_.size() < kLinesTogether) return;
  take_(lines_);
  lines_.clear();
}

void SheetReader::finish() {
  if (!header_row_) {
    throw Error(ErrorKind::bad_data, fmt::format("sheet \"{}\" is empty; its first row must have the names of the columns", sheet_));
  }
  take_(lines_);
  lines_.clear();
}

}  // namespace ingestr::files
