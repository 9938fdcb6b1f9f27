#include "app/summary.h"

#include <fmt/format.h>

#include "app/cell_text.h"
#include "app/text_table.h"
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
  if (progress.mended > 0) line("Mended", group_digits(progress.mended));
  if (progress.rate_limits > 0) line("Rate limits", group_digits(progress.rate_limits));
  if (progress.discarded_rows + progress.discarded_values > 0) {
    line("Discarded", fmt::format("{} rows, {} values", group_digits(progress.discarded_rows),
                                  group_digits(progress.discarded_values)));
  }
  line("Bytes", human_bytes(progress.bytes));
  line("Seconds", fmt::format("{:.2f}", progress.seconds));
  line("Rows/s", group_digits(static_cast<uint64_t>(progress.rows_per_second + 0.5)));
  line("Peak memory", human_bytes(progress.peak_memory_bytes));
  return text;
}

std::string tables_text(const std::vector<TableSummary>& tables, size_t of, double seconds) {
  std::vector<std::vector<std::string>> rows;
  uint64_t all_rows = 0;
  size_t loaded = 0;
  const auto row = [&](const TableSummary& table) {
    rows.push_back({visible(table.source), visible(table.destination), group_digits(table.rows),
                    fmt::format("{:.2f}", table.seconds), table.state});
  };
  for (const TableSummary& table : tables) {
    row(table);
    all_rows += table.rows;
    if (table.state == "loaded") ++loaded;
  }
  row({"Total", of == 1 ? "1 table" : fmt::format("{} tables", of), all_rows, seconds,
       loaded == of ? "all loaded" : fmt::format("{} loaded", loaded)});
  return text_table({{"Table"}, {"Destination"}, {"Rows", true}, {"Seconds", true}, {"Status"}},
                    rows);
}

}  // namespace ingestr
