#include "files/rich_text.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "files/excel_value.h"

namespace ingestr::files {

void check_cell_bytes(size_t bytes) {
  if (bytes <= kMostCellBytes) return;
  throw Error(ErrorKind::bad_data, fmt::format("it is a damaged workbook: one of its texts is longer than {}", human_bytes(kMostCellBytes)));
}

void RichText::begin(std::string_view element) {
  if (element == "t") in_text_ = true;
  if (element == "rPh") ++readings_;
}

void RichText::end(std::string_view element) {
  if (element == "t") in_text_ = false;
  if (element == "rPh") --readings_;
}

void RichText::add(std::string_view characters) {
  if (!in_text_ || readings_ > 0) return;
  text_ += characters;
  check_cell_bytes(text_.size());
}

std::string RichText::take() {
  std::string text = std::exchange(text_, {});
  return text.find("_x") == std::string::npos ? text : excel_decoded(text);
}

}  // namespace ingestr::files
