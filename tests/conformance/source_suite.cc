#include "conformance/source_suite.h"

#include <set>

#include "base/error.h"
#include "base/text.h"
#include "data/queue.h"
#include "duck/database.h"
#include "support/cells.h"
#include "support/replay.h"

namespace ingestr {

void PrintTo(const SourceCase& source, std::ostream* out) { *out << source.name; }

std::unique_ptr<Source> SourceSuite::open(const std::string& uri) {
  const Context context{clock_, environment_, log_, counters_, secrets_, stop_.get_token(),
                        [] { return make_replay(GetParam().exchanges); }};
  return GetParam().connector.open_source(parse_uri(uri), {}, context);
}

std::vector<Batch> SourceSuite::read(const std::string& table, std::optional<uint64_t> limit) {
  const std::unique_ptr<Source> source = open(GetParam().uri);
  BatchQueue queue(1 << 30);
  const std::unique_ptr<Table> opened = source->table(table);
  opened->prepare({.limit = limit});
  opened->read({.limit = limit}, queue);
  queue.finish();
  std::vector<Batch> batches;
  while (auto batch = queue.next()) batches.push_back(std::move(*batch));
  return batches;
}

namespace {

int64_t rows_of(const std::vector<Batch>& batches) {
  int64_t rows = 0;
  for (const Batch& batch : batches) rows += batch.rows();
  return rows;
}

class FailingSink final : public BatchSink {
 public:
  void push(Batch) override { throw Error(ErrorKind::cancelled, "nobody reads"); }
};

TEST_P(SourceSuite, TheSchemeMayBeInAnyCase) {
  std::string uri = GetParam().uri;
  uri[0] = static_cast<char>(std::toupper(uri[0]));
  EXPECT_TRUE(open(uri));
}

TEST_P(SourceSuite, EachTableDeclaresDistinctColumns) {
  const auto source = open(GetParam().uri);
  for (const auto& [name, rows] : GetParam().tables) {
    std::set<std::string> names;
    const auto table = source->table(name);
    if (GetParam().learns_columns) table->prepare({});
    for (const Column& column : table->spec().schema.columns) {
      EXPECT_TRUE(names.insert(to_lower(column.name)).second) << name << ": " << column.name;
      EXPECT_FALSE(column.inferred) << name << ": " << column.name;
    }
    EXPECT_FALSE(names.empty()) << name;
    EXPECT_EQ(table->spec().name, name);
  }
  EXPECT_EQ(counters_.requests, 0U) << "opening a table makes no request";
}

TEST_P(SourceSuite, EachTableGivesItsRowsInValidBatchesThatBeginWithItsColumns) {
  for (const auto& [name, rows] : GetParam().tables) {
    std::vector<Batch> batches = read(name);
    EXPECT_EQ(rows_of(batches), rows) << name;
    const auto source = open(GetParam().uri);
    const auto table = source->table(name);
    if (GetParam().learns_columns) table->prepare({});
    const Schema declared = table->spec().schema;
    for (Batch& batch : batches) {
      ASSERT_GE(batch.schema().columns.size(), declared.columns.size()) << name;
      for (size_t i = 0; i < batch.schema().columns.size(); ++i) {
        if (i < declared.columns.size()) {
          EXPECT_EQ(batch.schema().columns[i], declared.columns[i]) << name;
        }
        // cells() validates the array too.
        EXPECT_EQ(static_cast<int64_t>(cells(batch, i).size()), batch.rows()) << name;
      }
    }
  }
}

TEST_P(SourceSuite, ALimitIsKept) {
  EXPECT_GT(rows_of(read(GetParam().limited_table)), 1);
  EXPECT_EQ(rows_of(read(GetParam().limited_table, 1)), 1);
}

TEST_P(SourceSuite, AWrongTableIsRefusedBeforeAnyRequest) {
  const auto source = open(GetParam().uri);
  for (const std::string& name : GetParam().wrong_tables) {
    try {
      source->table(name);
      ADD_FAILURE() << name << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(to_string(error.kind()), "usage") << name;
    }
  }
  EXPECT_EQ(counters_.requests, 0U);
}

// What the embedded engine reads itself is what read() pushes.
TEST_P(SourceSuite, ARelationGivesTheSameRowsAndColumns) {
  for (const auto& [name, rows] : GetParam().tables) {
    const auto source = open(GetParam().uri);
    const auto table = source->table(name);
    table->prepare({});
    const std::optional<Relation> relation = table->relation({});
    if (!relation) continue;
    EXPECT_FALSE(relation->provisional) << name;
    EXPECT_EQ(relation->schema, table->spec().schema) << name;
    const duck::Database engine;
    duck::Connection connection = engine.connect();
    const auto found = connection.query(relation->select);
    EXPECT_EQ(static_cast<int64_t>(found.size()), rows) << name;
    const std::vector<Batch> batches = read(name);
    size_t at = 0;
    for (const Batch& given : batches) {
      Batch& batch = const_cast<Batch&>(given);
      for (size_t column = 0; column < batch.schema().columns.size(); ++column) {
        if (batch.schema().columns[column].type.id != TypeId::varchar) continue;
        const auto texts = cells(batch, column);
        for (size_t row = 0; row < texts.size(); ++row) EXPECT_EQ(texts[row], found[at + row][column]) << name;
      }
      at += static_cast<size_t>(batch.rows());
    }
  }
}

TEST_P(SourceSuite, ARefusalNamesTheTable) {
  if (GetParam().refused_table.empty()) GTEST_SKIP() << "it refuses none";
  try {
    read(GetParam().refused_table);
    ADD_FAILURE() << "it was read";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(GetParam().refused_table), std::string::npos) << error.what();
  }
}

TEST_P(SourceSuite, WhatTheSinkThrowsComesOut) {
  const auto source = open(GetParam().uri);
  FailingSink sink;
  try {
    source->table(GetParam().limited_table)->read({}, sink);
    ADD_FAILURE() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.kind()), "cancelled");
  }
}

TEST_P(SourceSuite, TheSecretIsKnownToBeOneAndIsNeverLogged) {
  if (GetParam().secret.empty()) GTEST_SKIP() << "it has none";
  read(GetParam().limited_table);
  EXPECT_EQ(secrets_.redact(GetParam().secret), "***");
  for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning}) {
    for (const std::string& line : log_.lines(level)) {
      EXPECT_EQ(line.find(GetParam().secret), std::string::npos) << line;
    }
  }
  EXPECT_FALSE(log_.lines(LogLevel::debug).empty()) << "the debug log tells of each exchange";
}

}  // namespace
}  // namespace ingestr
