#include "app/report.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "support/box.h"

namespace ingestr {
namespace {

// A reporter of some mode, and what it printed.
struct Desk {
  explicit Desk(ProgressMode mode, bool terminal = false,
                std::map<std::string, std::string> variables = {})
      : environment(std::move(variables)),
        services{
            {out, err, terminal, terminal, [] { return size_t{40}; }}, clock, secrets, environment},
        reporter(make_reporter(mode, services)) {
    secrets.add("k\"secret");
  }
  std::string printed() {
    std::string text = out.str();
    out.str("");
    return text;
  }

  std::ostringstream out, err;
  TickingClock clock;
  Secrets secrets;
  MapEnvironment environment;
  ReportServices services;
  std::unique_ptr<Reporter> reporter;
};

RunFacts facts() {
  return {.source_type = "attio",
          .source_table = "objects",
          .destination_type = "duckdb",
          .destination_table = "dest.objects",
          .strategy = "replace",
          .incremental_key = "",
          .primary_key = {}};
}

Progress some() {
  Progress progress;
  progress.rows = 2500;
  progress.batches = 3;
  progress.requests = 6;
  progress.bytes = 1'000'000;
  progress.seconds = 3;
  progress.rows_per_second = 833.3;
  progress.cpu_percent = 21.94;
  progress.memory_bytes = 103'000'000;
  return progress;
}

TEST(LogReport, IsLinesOnStdout) {
  Desk desk(ProgressMode::log);
  EXPECT_EQ(desk.reporter->interval(), std::chrono::seconds(3));
  desk.reporter->start(facts());
  EXPECT_EQ(desk.printed(), R"(Initiated the pipeline with the following:
  Source: attio / objects
  Destination: duckdb / dest.objects
  Incremental Strategy: replace
  Incremental Key: None
  Primary Key: None

)");
  desk.reporter->progress(some());
  EXPECT_EQ(desk.printed(),
            "[PROGRESS] 07:00:00 | Rows: 2,500 | Batches: 3 | Rate: 833 rows/s | Received: 1.0 MB "
            "| Requests: 6 | "
            "Retries: 0 | Elapsed: 0:03 | CPU: 21.9% | Mem: 103.0 MB\n");
  Progress half = some();
  half.percent = 50;
  desk.reporter->progress(half);
  EXPECT_THAT(desk.printed(), testing::HasSubstr("| Rows: 2,500 (50 %) | Batches: 3 |"));
  desk.reporter->log(LogLevel::warning, "two\nlines of k\"secret");
  desk.reporter->log(LogLevel::info, "i");
  desk.reporter->log(LogLevel::debug, "d");
  EXPECT_EQ(desk.printed(),
            "[WARNING] 07:00:00 | two lines of ***\n[INFO] 07:00:00 | i\n[DEBUG] 07:00:00 | d\n");
  desk.reporter->end(some(), std::nullopt);
  const std::string end = desk.printed();
  EXPECT_TRUE(end.starts_with("Rows:         2,500\n")) << end;
  EXPECT_TRUE(end.ends_with("MB\n\nIngestion completed successfully!\n") ||
              end.ends_with("0 B\n\nIngestion completed successfully!\n"))
      << end;
  EXPECT_EQ(desk.err.str(), "");
}

TEST(LogReport, KeysAreListed) {
  Desk desk(ProgressMode::log);
  RunFacts with_keys = facts();
  with_keys.incremental_key = "updated_at";
  with_keys.primary_key = {"a", "b"};
  desk.reporter->start(with_keys);
  const std::string text = desk.printed();
  EXPECT_NE(text.find("  Incremental Key: updated_at\n  Primary Key: a, b\n"), std::string::npos)
      << text;
}

TEST(LogReport, OnFailureThereAreFiguresButNoSuccess) {
  Desk desk(ProgressMode::log);
  desk.reporter->start(facts());
  desk.printed();
  desk.reporter->end(some(), Failure{ErrorKind::auth, "refused"});
  const std::string end = desk.printed();
  EXPECT_TRUE(end.starts_with("Rows:")) << end;
  EXPECT_EQ(end.find("success"), std::string::npos);
  EXPECT_EQ(end.find("refused"), std::string::npos);  // print_error's business
}

TEST(LogReport, ARunThatNeverStartedHasNoSummary) {
  Desk desk(ProgressMode::log);
  desk.reporter->end({}, Failure{ErrorKind::usage, "wrong"});
  EXPECT_EQ(desk.printed(), "");
}

TEST(LogReport, CanBeQuiet) {
  Desk desk(ProgressMode::log, false, {{"INGESTR_QUIET_PROGRESS", "1"}});
  desk.reporter->start(facts());
  desk.printed();
  desk.reporter->progress(some());
  desk.reporter->table_end({1, 1, "a", "b"}, {});
  EXPECT_EQ(desk.printed(), "");
  desk.reporter->log(LogLevel::warning, "w");
  EXPECT_EQ(desk.printed(), "[WARNING] 07:00:00 | w\n");
}

TEST(InteractiveReport, DrawsOneLineAgainAndAgain) {
  Desk desk(ProgressMode::interactive, true);
  EXPECT_EQ(desk.reporter->interval(), std::chrono::milliseconds(200));
  desk.reporter->start(facts());
  desk.printed();
  desk.reporter->progress(some());
  EXPECT_EQ(desk.printed(), "\rdest.objects | 2,500 rows | 1.0 MB | 8…\x1b[K");
  desk.reporter->log(LogLevel::warning, "w");
  EXPECT_EQ(desk.printed(), "\r\x1b[K[WARNING] 07:00:00 | w\n");
  desk.reporter->progress(some());
  desk.printed();
  desk.reporter->end(some(), std::nullopt);
  const std::string end = desk.printed();
  EXPECT_TRUE(end.starts_with("\r\x1b[KRows:")) << end;
  EXPECT_TRUE(end.ends_with("\n\x1b[32mIngestion completed successfully!\x1b[0m\n")) << end;
}

TEST(InteractiveReport, DrawsTheTableThatIsBeingLoaded) {
  Desk desk(ProgressMode::interactive, true, {{"NO_COLOR", "1"}});
  desk.reporter->start(facts());
  const TableFacts table{2, 3, "records:a", "dest.records_a"};
  desk.reporter->table_start(table);
  desk.printed();
  desk.reporter->progress(some());
  EXPECT_EQ(desk.printed(), "\r2/3 dest.records_a | 2,500 rows | 1.0 …\x1b[K");
  desk.reporter->table_end(table, {.seconds = 0.5,
                                   .failure = Failure{ErrorKind::auth, "no k\"secret"}});
  EXPECT_EQ(desk.printed(),
            "\r\x1b[K[TABLE] 07:00:00 | records:a -> dest.records_a | failed | Rows: 0 | "
            "Seconds: 0.50\n");
  EXPECT_EQ(desk.err.str(), "Error: records:a: no ***\n");
}

TEST(InteractiveReport, FallsBackToLinesWhereNothingCanBeDrawn) {
  EXPECT_EQ(Desk(ProgressMode::interactive, false).reporter->interval(), std::chrono::seconds(3));
  EXPECT_EQ(Desk(ProgressMode::interactive, true, {{"TERM", "dumb"}}).reporter->interval(),
            std::chrono::seconds(3));
}

TEST(InteractiveReport, HasNoColorsWhenTheyAreNotWanted) {
  Desk desk(ProgressMode::interactive, true, {{"NO_COLOR", "1"}});
  desk.reporter->start(facts());
  desk.reporter->end(some(), std::nullopt);
  EXPECT_EQ(desk.printed().find("\x1b[32m"), std::string::npos);
  print_error({ErrorKind::auth, "x"}, desk.services);
  EXPECT_EQ(desk.err.str(), "Error: x\n");
}

TEST(PrintError, IsOneRedactedLine) {
  Desk desk(ProgressMode::log);
  print_error({ErrorKind::auth, "the key k\"secret\nis\r\n\twrong\x1b[31m \xC2\x9B!\n"},
              desk.services);
  EXPECT_EQ(desk.err.str(), "Error: the key *** is wrong [31m !\n");
  EXPECT_EQ(desk.out.str(), "");
}

TEST(PrintError, IsRedOnATerminal) {
  Desk desk(ProgressMode::log, true);
  print_error({ErrorKind::auth, "x"}, desk.services);
  EXPECT_EQ(desk.err.str(), "\x1b[31mError:\x1b[0m x\n");
}

TEST(JsonReport, PrintsItsEvents) {
  Desk desk(ProgressMode::json, true);
  EXPECT_EQ(desk.reporter->interval(), std::chrono::seconds(1));
  RunFacts with_key = facts();
  with_key.primary_key = {"id"};
  desk.reporter->start(with_key);
  desk.reporter->progress(some());
  desk.reporter->log(LogLevel::info, "i");
  desk.reporter->log(LogLevel::warning, "a \"k\"secret\"\n\xFF");
  desk.reporter->log(LogLevel::debug, "d k\"secret");
  desk.reporter->end(some(), Failure{ErrorKind::not_found, "no k\"secret\nhere"});
  const std::string ts = R"("ts":"2026-11-24T07:00:00.000000Z",)";
  EXPECT_EQ(
      desk.printed(),
      "{" + ts +
          R"("level":"info","msg":"Ingestion started","event":"start","source_type":"attio",)" +
          R"("dest_type":"duckdb","source_table":"objects","dest_table":"dest.objects","strategy":"replace",)" +
          "\"primary_key\":[\"id\"]}\n" + "{" + ts +
          R"("level":"info","msg":"Progress","event":"progress","rows":2500,"batches":3,)" +
          R"("rows_per_sec":833.300,"elapsed_sec":3.000,"cpu_percent":21.940,"mem_mb":103.000,"pages":0,)" +
          "\"requests\":6,\"retries\":0,\"duplicates\":0,\"mended\":0,\"rate_limits\":0,\"bytes\":1000000}\n" + "{" + ts +
          "\"level\":\"info\",\"msg\":\"i\",\"event\":\"log\"}\n" + "{" + ts +
          "\"level\":\"warn\",\"msg\":\"a \\\"***\\\"\\n\xEF\xBF\xBD\",\"event\":\"log\"}\n" + "{" +
          ts +
          R"("level":"error","msg":"Ingestion failed","event":"end","status":"error","rows":2500,)" +
          R"("batches":3,"duration_sec":3.000,"error":"no *** here","error_kind":"not_found","pages":0,)" +
          R"("requests":6,"retries":0,"duplicates":0,"mended":0,"rate_limits":0,)" +
          R"("bytes":1000000,"discarded_rows":0,"discarded_values":0,"rows_per_sec":833.300,)" +
          "\"peak_mem_mb\":0.000}\n");
  EXPECT_EQ(desk.err.str(), "[DEBUG] 2026-11-24T07:00:00.000000Z | d ***\n");
}

TEST(EveryReport, HasNothingBehindItsEnd) {
  for (const ProgressMode mode : {ProgressMode::interactive, ProgressMode::log, ProgressMode::json}) {
    Desk desk(mode, true);
    desk.reporter->start(facts());
    desk.reporter->end(some(), Failure{ErrorKind::cancelled, "forced"});
    EXPECT_NE(desk.printed(), "");
    desk.reporter->progress(some());
    EXPECT_EQ(desk.printed(), "");
  }
}

// The `event` of each line of `text`, each of which has to be one JSON object with what every event
// has.
std::vector<std::string> events(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream lines(text);
  simdjson::dom::parser parser;
  for (std::string line; std::getline(lines, line);) {
    simdjson::dom::element event;
    EXPECT_EQ(parser.parse(line).get(event), simdjson::SUCCESS) << line;
    for (const char* key : {"ts", "level", "msg", "event"}) {
      std::string_view value;
      EXPECT_EQ(event[key].get(value), simdjson::SUCCESS) << line;
      if (key == std::string_view("event")) names.emplace_back(value);
    }
  }
  return names;
}

using Events = std::vector<std::string>;

TEST(JsonRun, IsStartProgressLogEnd) {
  Box box;
  box.clock.ticks = 2;
  box.read = [&](const Context& context, BatchSink& rows) {
    box.clock.wait_for_ticks();
    context.log.warning("\"quoted\" \xFF");
    context.log.debug("not wanted");
    rows.push(Box::two_rows());
  };
  EXPECT_EQ(box.ingest({"--progress", "json"}), 0);
  const Events names = events(box.out());
  EXPECT_EQ(std::count(names.begin(), names.end(), "progress"), 2) << box.out();
  EXPECT_EQ(std::count(names.begin(), names.end(), "log"), 1);
  EXPECT_EQ(names.front(), "start");
  EXPECT_EQ(names.back(), "end");
  EXPECT_EQ(names.size(), 5U);
  EXPECT_EQ(box.err(), "");
}

TEST(JsonRun, EndsOnceHoweverEarlyItFails) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"ingest", "--progress", "json"},
           {"ingest", "--nope", "--progress=json"},
           {"ingest", "--progress", "json", "--source-uri"},
           {"ingest", "--progress", "json", "--mask", "a:b"},
           {"ingst", "--progress", "json"},
           {"--progress", "json"},
           {"ingest", "--progress", "json", "--source-uri", "foo://x", "--dest-uri", "duckdb:///x",
            "--source-table", "t"}}) {
    Box box;
    EXPECT_EQ(box.run(arguments), 2);
    EXPECT_EQ(events(box.out()), Events{"end"}) << box.out();
    EXPECT_TRUE(box.err().starts_with("Error: ")) << box.err();
    EXPECT_NE(box.out().find("\"status\":\"error\""), std::string::npos);
  }
}

TEST(JsonRun, EndsOnceWhenReadingFails) {
  Box box;
  box.read = [](const Context&, BatchSink&) { throw Error(ErrorKind::unavailable, "gone"); };
  EXPECT_EQ(box.ingest({"--progress", "json", "--debug"}), 1);
  EXPECT_EQ(events(box.out()), (Events{"start", "end"})) << box.out();
}

}  // namespace
}  // namespace ingestr
