// One JSON object on one line, as `--progress json` prints it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr {

// `text` as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

// Members are written in the order added.
class JsonLine {
 public:
  JsonLine& add(std::string_view key, std::string_view value);
  JsonLine& add(std::string_view key, const char* value) {
    return add(key, std::string_view(value));
  }
  JsonLine& add(std::string_view key, uint64_t value);
  JsonLine& add(std::string_view key, double value);  // three decimals; null when it is not finite
  JsonLine& add(std::string_view key, const std::vector<std::string>& values);
  JsonLine& add(std::string_view key, bool value);
  JsonLine& add_null(std::string_view key);
  JsonLine& add_json(std::string_view key, std::string_view json);  // as it is

  // The whole object, without a line end.
  std::string text() const { return text_ + "}"; }

 private:
  void key(std::string_view name);

  std::string text_ = "{";
};

}  // namespace ingestr
