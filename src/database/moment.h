// A moment in UTC as databases write it.
#pragma once

#include <string>

#include "base/time.h"

namespace ingestr::database {

// `2026-11-24 07:05:09.123456`
inline std::string moment_text(SystemTime time) {
  std::string text = format_iso(time);  // 2026-11-24T07:05:09.123456Z
  text[10] = ' ';
  text.pop_back();
  return text;
}

}  // namespace ingestr::database
