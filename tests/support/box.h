// Box: the whole program, with a source and a destination that do as they are told.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/run.h"
#include "base/error.h"
#include "data/batch_builder.h"
#include "support/ticking_clock.h"

namespace ingestr {

class FakeTable final : public Table {
 public:
  using Read = std::function<void(BatchSink&)>;
  FakeTable(TableSpec spec, Read read) : spec_(std::move(spec)), read_(std::move(read)) {}
  const TableSpec& spec() const override { return spec_; }
  void prepare(const ReadRequest&) override {}
  void read(const ReadRequest&, BatchSink& rows) override { read_(rows); }

 private:
  TableSpec spec_;
  Read read_;
};

class FakeDestination final : public Destination {
 public:
  FakeDestination(std::vector<std::string>& journal, std::function<void()> on_close)
      : journal_(journal), on_close_(std::move(on_close)) {}
  std::optional<Schema> describe(const TableName&) override { return std::nullopt; }
  TableName resolve(const TableName& name) const override {
    return {name.schema.empty() ? "main" : name.schema, name.table};
  }
  std::unique_ptr<Appender> append(const TableName&, const Schema&) override {
    struct Sink final : Appender {
      void append(Batch) override {}
      void append(const Relation&) override {}
      void finish() override {}
    };
    return std::make_unique<Sink>();
  }
  void apply(const std::vector<Step>& steps) override {
    for (const Step& step : steps) journal_.push_back(to_text(step));
  }
  void close() override {
    journal_.emplace_back("close");
    on_close_();
  }

 private:
  std::vector<std::string>& journal_;
  std::function<void()> on_close_;
};

// The program with connectors named like the real ones. Set what it is to meet, then call run().
class Box {
 public:
  int run(const std::vector<std::string>& arguments) {
    const Catalog catalog({source_connector(), destination_connector()});
    const MapEnvironment environment(variables);
    return ingestr::run(arguments, {.catalog = catalog,
                                    .environment = environment,
                                    .clock = clock,
                                    .output = {.out = out_,
                                               .err = err_,
                                               .out_is_terminal = terminal,
                                               .err_is_terminal = terminal,
                                               .columns = [] { return size_t{60}; }},
                                    .usage = [] { return Usage{1.5, 50'000'000, 60'000'000}; },
                                    .stop = stop.get_token(),
                                    .transport = {}});
  }

  // `ingest` with what is required, and more.
  int ingest(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        "ingest",      "--source-uri", "Attio://?api_key=" + key, "--source-table",
        "objects",     "--dest-uri",   "duckdb:///x.duckdb",      "--dest-table",
        "dest.objects"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  static Batch two_rows() {
    BatchBuilder builder(schema());
    for (const char* id : {"a", "b"}) {
      builder.set_text(0, id);
      builder.end_row();
    }
    return builder.take();
  }
  static Schema schema() { return Schema{{Column{"id", TypeId::varchar}}}; }

  std::string key = "key_abcdef0123456789";
  std::map<std::string, std::string> variables;
  bool terminal = false;
  std::stop_source stop;
  TickingClock clock;
  // What reading the table does, with the Context that the source was opened with.
  std::function<void(const Context&, BatchSink&)> read = [](const Context&, BatchSink& rows) {
    rows.push(two_rows());
  };
  // What reading some other table does instead, by its name.
  std::map<std::string, std::function<void(const Context&, BatchSink&)>> read_of;
  std::map<std::string, Schema> schema_of;  // some other table's declared columns, by its name
  std::optional<Error> no_such_table;  // thrown by Source::table()
  // What the source says of itself.
  std::vector<std::string> expansion;  // of every pattern
  std::vector<TableInfo> table_infos;
  std::function<void()> close = [] {};  // what closing the destination does
  std::function<AccountInfo(const Context&)> account = [](const Context&) { return AccountInfo{}; };
  std::vector<std::string> journal;    // what was opened and applied, in order
  SourceOptions options;               // what the source was opened with

 private:
  class FakeSource final : public Source {
   public:
    FakeSource(Box& box, Context context) : box_(box), context_(std::move(context)) {}
    std::unique_ptr<Table> table(std::string_view name) override {
      if (box_.no_such_table) throw *box_.no_such_table;
      TableSpec spec;
      spec.name = name;
      const auto other_schema = box_.schema_of.find(spec.name);
      spec.schema = other_schema == box_.schema_of.end() ? schema() : other_schema->second;
      const auto other = box_.read_of.find(spec.name);
      const auto& read = other == box_.read_of.end() ? box_.read : other->second;
      return std::make_unique<FakeTable>(
          spec, [this, &read](BatchSink& rows) { read(context_, rows); });
    }
    std::vector<TableInfo> tables() override { return box_.table_infos; }
    AccountInfo check() override { return box_.account(context_); }
    std::vector<std::string> expand(std::string_view pattern) override {
      box_.journal.push_back(fmt::format("expand {}", pattern));
      return box_.expansion;
    }

   private:
    Box& box_;
    const Context context_;
  };

  Connector source_connector() {
    Connector connector;
    connector.schemes = {"attio"};
    connector.title = "Attio";
    connector.example_uri = "attio://?api_key=key_123";
    connector.parameters = {
        {.name = "api_key",
         .description = "the key",
         .default_text = "",
         .secret = true,
         .variable = "ATTIO_API_KEY"},
        {.name = "base_url", .description = "for proxies", .default_text = "https://x"}};
    connector.open_source = [this](const Uri&, const SourceOptions& wanted,
                                   const Context& context) {
      journal.emplace_back("open source");
      options = wanted;
      return std::make_unique<FakeSource>(*this, context);
    };
    return connector;
  }

  Connector destination_connector() {
    Connector connector;
    connector.schemes = {"duckdb", "duck"};
    connector.title = "DuckDB";
    connector.example_uri = "duckdb:///attio.duckdb";
    connector.open_destination = [this](const Uri&, Access, const Context&) {
      journal.emplace_back("open destination");
      return std::make_unique<FakeDestination>(journal, close);
    };
    return connector;
  }

  std::ostringstream out_, err_;
};

}  // namespace ingestr
