#include "app/progress.h"

#include <gtest/gtest.h>

#include "app/summary.h"
#include "support/ticking_clock.h"

namespace ingestr {
namespace {

Progress example() {
  Progress progress;
  progress.rows = 12500;
  progress.batches = 3;
  progress.pages = 25;
  progress.requests = 26;
  progress.retries = 1;
  progress.duplicates = 2;
  progress.bytes = 3'400'000;
  progress.seconds = 5.954;
  progress.rows_per_second = 2099.6;
  progress.cpu_percent = 21.94;
  progress.memory_bytes = 103'000'000;
  progress.peak_memory_bytes = 120'000'000;
  return progress;
}

TEST(ProgressLine, SaysHowMuchIsDoneWhereThatIsKnown) {
  Progress progress;
  progress.percent = 12.9;
  EXPECT_EQ(progress_line("t", progress), "t | 12 % | 0 rows | 0 B | 0 rows/s | 0 requests | 0 retries | 0:00");
}

TEST(ProgressLine, ShowsWhatMatters) {
  EXPECT_EQ(progress_line("dest.objects", example()),
            "dest.objects | 12,500 rows | 3.4 MB | 2,100 rows/s | 26 requests | 1 retry | 0:05");
  EXPECT_EQ(progress_line("t", Progress{}),
            "t | 0 rows | 0 B | 0 rows/s | 0 requests | 0 retries | 0:00");
}

TEST(ProgressLine, IsCutToTheTerminal) {
  EXPECT_EQ(cut_to_columns("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to_columns("abcdef", 5), "abcd…");
  EXPECT_EQ(cut_to_columns("abcdef", 1), "…");
  EXPECT_EQ(cut_to_columns("abcdef", 0), "");
  EXPECT_EQ(cut_to_columns("", 0), "");
  // Two columns each: never cut in the middle of a letter, never wider than asked.
  EXPECT_EQ(cut_to_columns("日本語", 6), "日本語");
  EXPECT_EQ(cut_to_columns("日本語", 5), "日本…");
  EXPECT_EQ(cut_to_columns("日本語", 4), "日…");
}

TEST(ProgressLine, Elapsed) {
  EXPECT_EQ(format_elapsed(0.99), "0:00");
  EXPECT_EQ(format_elapsed(59.99), "0:59");
  EXPECT_EQ(format_elapsed(185), "3:05");
  EXPECT_EQ(format_elapsed(3723), "1:02:03");
}

TEST(Summary, IsOneFigureALine) {
  EXPECT_EQ(summary_text(example()), R"(Rows:         12,500
Pages:        25
Requests:     26
Retries:      1
Duplicates:   2
Bytes:        3.4 MB
Seconds:      5.95
Rows/s:       2,100
Peak memory:  120.0 MB
)");
}

TEST(Summary, SaysWhatIsNotUsualOnlyWhereItHappened) {
  Progress progress = example();
  progress.mended = 3;
  progress.rate_limits = 1'000;
  EXPECT_NE(summary_text(progress).find("Duplicates:   2\nMended:       3\nRate limits:  1,000\nBytes:"), std::string::npos);
}

TEST(Meter, MeasuresFromItsStart) {
  Counters counters;
  TickingClock clock;
  clock.ticks = 4;
  double cpu_seconds = 10;
  const Meter meter(counters, clock, [&] { return Usage{cpu_seconds, 5, 6}; });
  EXPECT_EQ(meter.read().rows_per_second, 0);  // no time has passed: no division by it

  for (int i = 0; i < 4; ++i) clock.sleep_until({}, {});
  counters.rows = 100;
  counters.bytes = 7;
  cpu_seconds = 12;
  const Progress progress = meter.read();
  EXPECT_EQ(progress.rows, 100U);
  EXPECT_EQ(progress.bytes, 7U);
  EXPECT_EQ(progress.seconds, 4);
  EXPECT_EQ(progress.rows_per_second, 25);
  EXPECT_EQ(progress.cpu_percent, 50);
  EXPECT_EQ(progress.memory_bytes, 5U);
  EXPECT_EQ(progress.peak_memory_bytes, 6U);
}

TEST(Usage, OfThisProcess) {
  const Usage usage = process_usage();
  EXPECT_GT(usage.memory_bytes, 1'000'000U);
  EXPECT_GE(usage.peak_memory_bytes, usage.memory_bytes);
  EXPECT_GT(usage.cpu_seconds, 0);
}

}  // namespace
}  // namespace ingestr
