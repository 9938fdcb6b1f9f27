#include "app/summary.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ingestr {

std::string summary_text(const Progress& progress) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<13} {}\n", fmt::format("{}:", name), value);
  };
  line("Rows", group_digits(progress.rows));
  line("Pages", group_digits(progress.pages));
  line("Requests", group_digits(progress.requests));
  line("Retries", group_digits(progress.retries));
  line("Duplicates", group_digits(progress.duplicates));
  line("Bytes", human_bytes(progress.bytes));
  line("Seconds", fmt::format("{:.2f}", progress.seconds));
  line("Rows/s", group_digits(static_cast<uint64_t>(progress.rows_per_second + 0.5)));
  line("Peak memory", human_bytes(progress.peak_memory_bytes));
  return text;
}

}  // namespace ingestr
