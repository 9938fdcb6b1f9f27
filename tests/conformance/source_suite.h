// What every source must do, whatever it reads. A source joins with one INSTANTIATE_TEST_SUITE_P in
// source_suite_test.cc.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/secrets.h"
#include "data/stream.h"
#include "engine/connector.h"
#include "support/fake_clock.h"
#include "support/fake_log.h"

namespace ingestr {

struct SourceCase {
  std::string name;
  Connector connector;
  std::string uri;                  // with the secret in it
  std::string secret;               // must never be seen; empty: it has none
  std::filesystem::path exchanges;  // what its server answers; empty: it has none
  // A table has no columns before prepare().
  bool learns_columns = false;
  struct Rows {
    std::string table;
    int64_t rows;
  };
  std::vector<Rows> tables;               // each with the rows that the exchanges hold
  std::vector<std::string> wrong_tables;  // names that can be of no table
  std::string refused_table;              // one that the server refuses; empty: it refuses none
  std::string limited_table;  // one of more than one row, for which the exchanges know a limit of 1
};

void PrintTo(const SourceCase& source, std::ostream* out);

class SourceSuite : public ::testing::TestWithParam<SourceCase> {
 protected:
  std::unique_ptr<Source> open(const std::string& uri);
  // Everything that read() pushes.
  std::vector<Batch> read(const std::string& table, std::optional<uint64_t> limit = std::nullopt);

  FakeClock clock_;
  MapEnvironment environment_;
  FakeLog log_;
  Counters counters_;
  Secrets secrets_;
  std::stop_source stop_;
};

}  // namespace ingestr
