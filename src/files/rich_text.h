// RichText: the characters of a text of Excel, shared or in a cell. See ECMA-376, part 1, 18.4.
#pragma once

#include <string>
#include <string_view>

namespace ingestr::files {

// Told of all that is between <si> and </si>, or <is> and </is>. How East Asian characters are read (rPh) is not part of the text.
class RichText {
 public:
  void begin(std::string_view element);
  void end(std::string_view element);
  // Throws Error(bad_data) for more than any cell holds.
  void add(std::string_view characters);
  // All of it, decoded; then it is empty.
  std::string take();

 private:
  std::string text_;
  int readings_ = 0;  // <rPh> that are open
  bool in_text_ = false;
};

// Of what a cell holds, which is more than the 32,767 letters of Excel's own.
inline constexpr size_t kMostCellBytes = 8'000'000;
void check_cell_bytes(size_t bytes);

}  // namespace ingestr::files
