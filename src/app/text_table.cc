#include "app/text_table.h"

#include <algorithm>

#include "app/cell_text.h"

namespace ingestr {
namespace {

std::string padded(const std::string& cell, size_t width, bool right) {
  const std::string space(width - display_width(cell), ' ');
  return right ? space + cell : cell + space;
}

}  // namespace

std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::string> titles, dashes;
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns.size(); ++i) {
    size_t width = display_width(columns[i].title);
    for (const auto& row : rows) width = std::max(width, display_width(row[i]));
    titles.push_back(columns[i].title);
    dashes.emplace_back(width, '-');
    widths.push_back(width);
  }
  std::string text;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      line += (i == 0 ? "" : "  ") + padded(cells[i], widths[i], columns[i].right);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add_line(titles);
  add_line(dashes);
  for (const auto& row : rows) add_line(row);
  return text;
}

}  // namespace ingestr
