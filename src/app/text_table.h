// Rows and columns as lines of text.
#pragma once

#include <string>
#include <vector>

namespace ingestr {

struct TextColumn {
  std::string title;
  bool right = false;  // numbers stand at the right of their column
};

// The titles, a line of dashes, and a line for each row, columns as wide as their widest cell and
// two spaces apart. Every row has a cell for each column. Titles and cells are visible text, see
// app/cell_text.h.
std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows);

}  // namespace ingestr
