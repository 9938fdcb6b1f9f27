// SheetReader: the cells of a sheet of Excel as rows. See ECMA-376, part 1, 18.3.1.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "data/type_evidence.h"
#include "files/rich_text.h"
#include "files/workbook.h"

namespace ingestr::files {

// A column and what all of its cells say of its type: numbers what data/type_evidence.h says, or that all are doubles, and the others what their cells are,
// whatever they look like. Cells of more than one kind are text, but dates beside times are times.
class SheetColumn {
 public:
  enum Kind : uint8_t { kNumber = 1, kBoolean = 2, kText = 4, kDate = 8, kTimestamp = 16, kTime = 32 };

  SheetColumn(std::string name, bool may_be_left_out) : name_(std::move(name)), may_be_left_out_(may_be_left_out) {}

  const std::string& name() const { return name_; }
  void see(Kind kind) { seen_ |= kind; }
  // `is_double`: a double gives it back.
  void see_number(std::string_view digits, bool is_double);
  Type type() const;
  // It has neither a name nor a value.
  bool is_left_out() const { return may_be_left_out_ && seen_ == 0; }
  void keep() { may_be_left_out_ = false; }

 private:
  std::string name_;
  bool may_be_left_out_;
  uint8_t seen_ = 0;
  bool only_doubles_ = true;
  TypeEvidence numbers_;
};

// The columns of one sheet, or of several, in which they come together by name, ignoring case.
using SheetColumns = std::vector<SheetColumn>;

// The key that a column has in the lines.
std::string sheet_key(size_t column);

// Hands over the rows of a sheet as lines, each a JSON object with what is not NULL by sheet_key(). The first row with a value has
// the names; rows below it without a value are {}, but for those at the end that say no more than how a cell looks. `also` stands in each object
// besides, as "key":"value"; empty: nothing does. Throws Error(bad_data).
class SheetReader final : public XmlHandler {
 public:
  using Take = std::function<void(std::string_view lines)>;
  SheetReader(Workbook& workbook, std::string sheet, SheetColumns& columns, Take take, std::string also = "");

  void begin(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view some) override;
  // To be called once all is told. Throws Error(bad_data) for a sheet without a value.
  void finish();
  uint64_t rows() const { return rows_; }

 private:
  void begin_row(const XmlAttributes& attributes);
  void begin_cell(const XmlAttributes& attributes);
  void end_cell();
  void end_row();
  void end_header();
  void check_result() const;
  void put_value();
  void put_number(std::string_view digits);
  void put_iso_time(std::string_view text);
  void put_text(std::string_view text, SheetColumn::Kind kind = SheetColumn::kText);
  void put(std::string_view json);
  void put_line(std::string_view line);
  SheetColumn& column();
  std::string cell() const;  // "C2"
  [[noreturn]] void damaged(std::string_view what) const;

  Workbook& workbook_;
  const SharedTexts& texts_;
  std::string sheet_;
  SheetColumns& columns_;
  Take take_;
  std::string also_;

  std::optional<uint32_t> header_row_;
  std::vector<std::optional<std::string>> header_;  // by position, while it is read
  std::vector<size_t> places_;                      // of each position in columns_
  std::string lines_, line_;
  uint64_t rows_ = 0, row_ = 0, empty_rows_ = 0;
  uint32_t next_column_ = 0, column_ = 0;
  bool in_data_ = false, in_cell_ = false, in_value_ = false, has_value_ = false, has_text_ = false, has_formula_ = false;
  bool is_meant_ = false;  // the row, though it has no value
  std::string type_, value_;
  size_t style_ = 0;
  RichText text_;
};

}  // namespace ingestr::files
