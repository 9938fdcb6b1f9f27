#include "destinations/files/file_destination.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/time.h"
#include "destinations/files/format.h"
#include "destinations/files/old_rows.h"
#include "destinations/files/outlet.h"
#include "destinations/files/workplace.h"
#include "destinations/files/writer.h"
#include "engine/remote_place.h"

namespace ingestr {
namespace {

namespace fs = std::filesystem;
using namespace file_output;

constexpr const char* kStoreName = "rows.duckdb";
constexpr const char* kSpillName = "spill";

// A connector whose files are read, and how and where they are written.
struct Kind {
  Connector source;
  std::function<const Format&(const Uri&)> format;
  std::function<OutletFacts(const Uri&)> facts;
  std::function<std::unique_ptr<Outlet>(const Uri&, const Context&)> outlet;
  OpenStore open_store;
};

class FileDestination final : public Destination {
 public:
  FileDestination(Kind kind, Uri uri, Access access, const Context& context)
      : kind_(std::move(kind)), uri_(std::move(uri)), context_(context), format_(kind_.format(uri_)), outlet_(kind_.outlet(uri_, context)) {
    if (access == Access::change) workplace_ = outlet_->workplace();
    store_ = kind_.open_store(store_path(), access, context_);
  }

  std::optional<Schema> describe(const TableName& table) override {
    if (is_loaded(table)) return store_->describe(table);
    const OldRows* old = old_rows();
    return old == nullptr ? std::nullopt : std::optional(old->schema());
  }
  TableName resolve(const TableName& table) const override { return store_->resolve(table); }
  void keep_private() override {
    is_private_ = true;
    store_->keep_private();
  }
  bool writes_straight() const override { return true; }
  void write(const Plan& plan, const Relation& rows) override;
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override {
    return store_->append(table, schema);
  }
  void apply(const std::vector<Step>& steps) override;
  void close() override;

 private:
  // A file of the workplace, and what it will be called.
  struct Written {
    fs::path path;
    std::string name;
  };

  fs::path store_path() const { return workplace_ ? workplace_->path() / kStoreName : fs::path(); }
  bool is_loaded(const TableName& table) const { return std::ranges::find(loaded_, table) != loaded_.end(); }
  const OldRows* old_rows();
  void take_old_rows(const TableName& table);
  bool is_needless(const Step& step) const;
  std::string file_name(const TableName& table) const;
  uint64_t write(Writer& writer, const Relation& rows, const std::string& name, const std::function<void(uint64_t)>& watch);

  Kind kind_;
  Uri uri_;
  const Context& context_;
  const Format& format_;
  std::unique_ptr<Outlet> outlet_;
  std::unique_ptr<Workplace> workplace_;  // outlives what works in it
  std::optional<OldRows> old_rows_;
  std::unique_ptr<Destination> store_;
  std::vector<TableName> loaded_;  // tables of the store to write
  std::vector<Written> written_;
  bool is_private_ = false;
};

// Nothing when there are none, or none that matter: a directory keeps its files as they are.
const OldRows* FileDestination::old_rows() {
  if (outlet_->facts().is_directory) return nullptr;
  if (!old_rows_ && !outlet_->has_rows()) return nullptr;
  if (!old_rows_) old_rows_.emplace(kind_.source, uri_, context_);
  return old_rows_->schema().columns.empty() ? nullptr : &*old_rows_;
}

void FileDestination::take_old_rows(const TableName& table) {
  const OldRows* old = is_loaded(table) ? nullptr : old_rows();
  if (old == nullptr) return;
  const uint64_t rows = context_.counters.rows;  // these are not loaded, but kept
  store_->apply({CreateTable{table, old->schema()}});
  const std::unique_ptr<Appender> appender = store_->append(table, old->schema());
  appender->append(old->relation());
  appender->finish();
  context_.counters.rows = rows;
}

// JSON in a file that does not say so was read as text, and stays the text that it is.
bool FileDestination::is_needless(const Step& step) const {
  const auto* retyped = std::get_if<RetypeColumn>(&step);
  return retyped != nullptr && !format_.keeps_json && retyped->from.id == TypeId::varchar &&
         retyped->to.id == TypeId::json;
}

void FileDestination::apply(const std::vector<Step>& steps) {
  std::vector<Step> wanted;
  std::vector<TableName> loaded;
  for (const Step& step : steps) {
    if (const auto* inserted = std::get_if<InsertRows>(&step)) {
      take_old_rows(inserted->to);
      loaded.push_back(inserted->to);
    }
    if (const auto* renamed = std::get_if<RenameTable>(&step)) loaded.push_back({renamed->from.schema, renamed->to});
    if (const auto* replaced = std::get_if<ReplaceTable>(&step)) loaded.push_back(replaced->to);
    if (!is_needless(step)) wanted.push_back(step);
  }
  store_->apply(wanted);
  for (TableName& table : loaded) {
    if (!is_loaded(table)) loaded_.push_back(std::move(table));
  }
}

// Of a directory's file: the table's name, the time, and the process, which no other has at that time.
std::string FileDestination::file_name(const TableName& table) const {
  if (!outlet_->facts().is_directory) return outlet_->facts().name;
  std::string name = resolve({"", table.table}) == table ? table.table : to_string(table);
  std::ranges::replace(name, '/', '_');
  if (name.starts_with('.')) name.front() = '_';
  std::string time = format_iso(context_.clock.now());
  std::erase_if(time, [](char c) { return c == ':' || c == '-' || c == '.'; });
  return fmt::format("{}-{}-{}.{}", name, time, ::getpid(), format_.extension);
}

// Of masked rows nothing may reach the disk that is not masked yet.
void FileDestination::write(const Plan& plan, const Relation& rows) {
  const uint64_t rows_before = context_.counters.rows;
  Writer writer(is_private_ ? fs::path() : workplace_->path() / kSpillName, context_.stop);
  const auto count = [&](uint64_t passed) { context_.counters.rows = rows_before + passed; };
  count(write(writer, rows, file_name(plan.landing), count));
}

uint64_t FileDestination::write(Writer& writer, const Relation& rows, const std::string& name,
                                const std::function<void(uint64_t)>& watch) {
  const fs::path path = workplace_->path() / fmt::format("{}.out", written_.size());
  const uint64_t count = writer.write(format_, rows, path, name, watch);
  written_.push_back({path, name});
  return count;
}

// All files are written before the first one is shown.
void FileDestination::close() {
  std::vector<std::string> names;
  for (const TableName& table : loaded_) names.push_back(file_name(table));
  store_->close();
  store_.reset();
  if (!workplace_) return;
  if (!loaded_.empty()) {
    Writer writer(workplace_->path() / kSpillName, context_.stop);
    for (size_t i = 0; i < loaded_.size(); ++i) write(writer, writer.table(store_path(), loaded_[i]), names[i], [](uint64_t) {});
  }
  within(outlet_->facts().name, [&] {
    for (const Written& file : written_) outlet_->publish(*workplace_, file.path, file.name);
  });
}

void check_strategy(const Format& format, const OutletFacts& outlet, const LoadWish& wish) {
  if (wish.strategy != Strategy::replace && wish.strategy != Strategy::append) {
    throw Error(ErrorKind::unsupported,
                fmt::format("{} files take the strategies replace and append, not {}; load into a database, or choose one of "
                            "these",
                            format.scheme, to_string(wish.strategy)));
  }
  if (wish.many_tables && !outlet.is_directory) {
    throw Error(ErrorKind::unsupported, fmt::format("--dest-uri names the file {}, which holds one table; name a directory, {}://…/, for many",
                                                    outlet.name, format.scheme));
  }
  if (wish.strategy == Strategy::replace ? outlet.takes_replace : outlet.takes_append) return;
  if (outlet.is_directory) {
    throw Error(ErrorKind::unsupported,
                fmt::format("--dest-uri names the directory {}, which may have files that cannot all be replaced at once; add one "
                            "with --incremental-strategy append, or name an empty directory of this machine or a file",
                            outlet.name));
  }
  throw Error(ErrorKind::unsupported,
              fmt::format("{} takes the strategy replace, not {}; leave it out", outlet.name, to_string(wish.strategy)));
}

Connector file_destination(const Kind& kind) {
  Connector connector;
  connector.schemes = kind.source.schemes;
  connector.title = kind.source.title;
  connector.check_load = [kind](const Uri& uri, const LoadWish& wish) { check_strategy(kind.format(uri), kind.facts(uri), wish); };
  connector.open_destination = [kind](const Uri& uri, Access access, const Context& context) {
    return std::make_unique<FileDestination>(kind, uri, access, context);
  };
  return connector;
}

// Files of one kind on this machine, or in a pipe.
Kind local_kind(const Connector& source, const Format* format, OpenStore open_store) {
  const auto is_pipe = [](const Uri& uri) { return uri.rest == "-"; };
  return {source, [format](const Uri&) -> const Format& { return *format; },
          [is_pipe](const Uri& uri) { return is_pipe(uri) ? standard_output_facts(uri) : local_facts(uri); },
          [is_pipe](const Uri& uri, const Context& context) { return is_pipe(uri) ? open_standard_output(context) : open_local(uri); },
          std::move(open_store)};
}

// By what the user says, else by the end of the name; in a directory Parquet.
const Format& format_in_store(const Uri& uri) {
  const std::string said = said_kind(uri);
  const std::string path = percent_decode(uri.rest);
  const Format* format = !said.empty()         ? format_of_name("x." + said)
                         : path.ends_with('/') ? find_format("parquet")
                                               : format_of_name(path);
  if (format != nullptr) return *format;
  throw Error(ErrorKind::usage,
              fmt::format("nothing says which kind of file {}://{} is to be; end its name as one of csv, tsv, jsonl, parquet, or say "
                          "format=csv",
                          uri.scheme, path));
}

Kind store_kind(const Connector& source, const RemotePlace& place, OpenStore open_store) {
  return {source, format_in_store, store_facts,
          [place](const Uri& uri, const Context& context) { return open_store_at(place, uri, context); }, std::move(open_store)};
}

const Format* format_of(const Connector& connector, const std::string& scheme) {
  const Format* format = find_format(scheme);
  return format != nullptr ? format : find_format(connector.schemes.front());
}

void add_local(const Connector& connector, const OpenStore& open_store, std::vector<Connector>& destinations) {
  std::set<const Format*> seen;
  for (const std::string& scheme : connector.schemes) {
    const Format* format = format_of(connector, scheme);
    if (format == nullptr) continue;
    if (!seen.insert(format).second) {
      destinations.back().schemes.push_back(scheme);
      continue;
    }
    destinations.push_back(file_destination(local_kind(connector, format, open_store)));
    destinations.back().schemes = {scheme};
    destinations.back().example_uri = fmt::format("{0}://orders.{0}", scheme);
  }
}

}  // namespace

std::vector<Connector> file_destinations(const std::vector<Connector>& connectors, OpenStore open_store) {
  std::vector<Connector> destinations;
  const std::vector<RemotePlace> places = remote_places();
  for (const Connector& connector : connectors) {
    if (!connector.open_source) continue;
    const auto place = std::ranges::find(places, connector.schemes, &RemotePlace::schemes);
    if (place == places.end()) {
      add_local(connector, open_store, destinations);
    } else if (place->takes_files) {
      destinations.push_back(file_destination(store_kind(connector, *place, open_store)));
      destinations.back().example_uri = connector.example_uri;
      destinations.back().parameters = place->parameters;
      std::ranges::move(kind_parameters(), std::back_inserter(destinations.back().parameters));
    }
  }
  return destinations;
}

}  // namespace ingestr
