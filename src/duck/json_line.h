// JsonLines: objects of JSON, each in a line. For src/duck only.
#pragma once

#include <memory>
#include <string_view>
#include <type_traits>

#include "base/text.h"

namespace ingestr::duck {

enum class JsonKind { null, boolean, number, string, nested };

// The value of a key. The texts live until the next one is read.
struct JsonValue {
  JsonKind kind;
  std::string_view json;  // as it is written
  std::string_view text;  // of a string: its characters
};

inline bool is_blank(std::string_view line) { return trim(line).empty(); }

// Reads lines, one at a time.
class JsonLines {
 public:
  JsonLines();
  ~JsonLines();
  JsonLines(const JsonLines&) = delete;
  JsonLines& operator=(const JsonLines&) = delete;

  // Calls `visit(key, value)` for each key of the object in the line, in its order. Every value is read to its last token, so that what is
  // no JSON does not stay hidden in what nobody asks for. Throws Error(bad_data) when the line is no object.
  template <class Visit>
  void read_object(std::string_view line, Visit&& visit) {
    read(line, &visit, [](void* held, std::string_view key, const JsonValue& value) { (*static_cast<std::remove_reference_t<Visit>*>(held))(key, value); });
  }

 private:
  void read(std::string_view line, void* held, void (*visit)(void* held, std::string_view key, const JsonValue& value));

  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace ingestr::duck
