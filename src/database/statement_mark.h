// StatementMark: a comment in the statements of one run, by which a session of ours finds at the server what another's does.
#pragma once

#include <string>
#include <string_view>

namespace ingestr::database {

// Another one each time. Never changes; thread-safe.
class StatementMark {
 public:
  StatementMark();

  // The statement with the mark in it, where it is not cut off.
  std::string on(std::string_view statement) const { return "/* " + text_ + " */ " + std::string(statement); }
  // Part of what is on() a statement; letters, digits and a blank.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace ingestr::database
