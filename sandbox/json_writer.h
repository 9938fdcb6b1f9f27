// JsonWriter: appends compact JSON to a string that somebody else owns. It keeps no state about
// nesting: the caller writes the punctuation, mostly inside prepared pieces, because that is what
// makes a page cheap to produce.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "time_text.h"
#include "uuid.h"

namespace sandbox {

class JsonWriter {
 public:
  // `out` must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out) {}

  // Text that is valid JSON already (punctuation, prepared pieces, numbers as text).
  void raw(std::string_view text) { out_.append(text); }
  void raw(char c) { out_.push_back(c); }

  void number(uint64_t value) {
    char digits[20];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }

  // Unquoted, as ids and times mostly stand inside longer prepared pieces.
  void uuid(const Uuid& id) {
    char text[kUuidLength];
    write_uuid(id, text);
    out_.append(text, kUuidLength);
  }
  void timestamp(Milliseconds time) {
    char text[kTimestampLength];
    write_timestamp(time, text);
    out_.append(text, kTimestampLength);
  }

  // Quoted and escaped: for text that comes from outside. Bytes above 127 pass through, so `text`
  // should be UTF-8.
  void string(std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out_.push_back('"');
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out_.push_back('\\');
        out_.push_back(c);
      } else if (static_cast<unsigned char>(c) < 0x20) {
        out_.append("\\u00");
        out_.push_back(kDigits[c >> 4]);
        out_.push_back(kDigits[c & 15]);
      } else {
        out_.push_back(c);
      }
    }
    out_.push_back('"');
  }

  std::string& out() { return out_; }

 private:
  std::string& out_;
};

// `text` as a JSON string, quotes included.
inline std::string json_string(std::string_view text) {
  std::string out;
  JsonWriter(out).string(text);
  return out;
}

}  // namespace sandbox
