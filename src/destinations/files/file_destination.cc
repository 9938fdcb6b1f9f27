#include "destinations/files/file_destination.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "destinations/files/format.h"
#include "destinations/files/old_rows.h"
#include "destinations/files/outlet.h"
#include "destinations/files/partitions.h"
#include "destinations/files/run_files.h"
#include "destinations/files/sftp_store.h"
#include "destinations/files/workplace.h"
#include "destinations/files/writer.h"
#include "duck/memory_limit.h"
#include "engine/remote_place.h"
#include "engine/memory_retry.h"
#include "engine/relation_progress.h"

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
  // Throws what Outlet::check_replaceable() does, where that takes no request.
  std::function<void(const Uri&)> check_replaceable;
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
  TableName resolve(const TableName& table) const override;
  void keep_private() override {
    is_private_ = true;
    store_->keep_private();
  }
  bool writes_straight() const override { return format_.workbook == nullptr; }
  void write(const Plan& plan, const Relation& rows) override;
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override {
    return store_->append(table, schema);
  }
  void apply(const std::vector<Step>& steps) override;
  void close() override;

 private:
  // A table of the store to write.
  struct Loaded {
    TableName table;
    std::vector<std::string> partition_by{};
  };

  fs::path store_path() const { return workplace_ ? workplace_->path() / kStoreName : fs::path(); }
  bool is_loaded(const TableName& table) const { return std::ranges::find(loaded_, table, &Loaded::table) != loaded_.end(); }
  const OldRows* old_rows();
  void read_old_rows();
  void take_old_rows(const TableName& table);
  bool is_needless(const Step& step) const;
  std::string label(const TableName& table) const;
  std::string file_name(const TableName& table) const;
  fs::path next_path() const { return workplace_->path() / fmt::format("{}.out", finished_.size()); }
  void take_note(const Step& step);
  void write_apart(Writer& writer, const Loaded& loaded, const std::string& name);
  void finish(const fs::path& file) const;

  Kind kind_;
  Uri uri_;
  const Context& context_;
  const Format& format_;
  std::unique_ptr<Outlet> outlet_;
  std::unique_ptr<Workplace> workplace_;  // outlives what works in it
  std::optional<OldRows> old_rows_;
  std::unique_ptr<Destination> store_;
  std::vector<Loaded> loaded_;
  std::vector<Finished> finished_;
  std::set<std::string> replaced_;  // tables whose older files go, as table_part() has their names
  bool is_private_ = false;
};

// What people call it: by the path of the file, or as they named it in a directory, where nobody knows the store's schema.
TableName FileDestination::resolve(const TableName& table) const {
  TableName stored = store_->resolve(table);
  if (!outlet_->facts().is_directory) return {"", outlet_->facts().name};
  if (stored.schema == store_->resolve({"", table.table}).schema) stored.schema.clear();
  return stored;
}

// Nothing when there are none, or none that matter: a directory keeps its files as they are.
const OldRows* FileDestination::old_rows() {
  if (outlet_->facts().is_directory) return nullptr;
  if (!old_rows_ && !outlet_->has_rows()) return nullptr;
  if (!old_rows_) read_old_rows();
  return old_rows_->schema().columns.empty() ? nullptr : &*old_rows_;
}

// What a file lacks that is there, such as a sheet, is what is wrong with it.
void FileDestination::read_old_rows() {
  try {
    old_rows_.emplace(kind_.source, uri_, context_);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_found) throw Error(ErrorKind::bad_data, error.what());
    throw;
  }
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
  if (std::holds_alternative<PartitionTable>(step)) return true;  // the store keeps rows together
  const auto* retyped = std::get_if<RetypeColumn>(&step);
  return retyped != nullptr && !format_.keeps_json && retyped->from.id == TypeId::varchar &&
         retyped->to.id == TypeId::json;
}

void FileDestination::apply(const std::vector<Step>& steps) {
  std::vector<Step> wanted;
  for (const Step& step : steps) {
    if (const auto* inserted = std::get_if<InsertRows>(&step)) take_old_rows(inserted->to);
    if (!is_needless(step)) wanted.push_back(step);
  }
  store_->apply(wanted);
  for (const Step& step : steps) take_note(step);
}

// What is to be done with files once all is loaded.
void FileDestination::take_note(const Step& step) {
  const auto load = [this](const TableName& table) -> Loaded& {
    const auto found = std::ranges::find(loaded_, table, &Loaded::table);
    return found != loaded_.end() ? *found : loaded_.emplace_back(table);
  };
  if (const auto* inserted = std::get_if<InsertRows>(&step)) load(inserted->to);
  if (const auto* renamed = std::get_if<RenameTable>(&step)) load({renamed->from.schema, renamed->to});
  if (const auto* dropped = std::get_if<DropTable>(&step); dropped != nullptr && !is_landing(dropped->table)) {
    replaced_.insert(label(dropped->table));
  }
  if (const auto* parted = std::get_if<PartitionTable>(&step)) load(parted->table).partition_by = parted->columns;
  if (const auto* replaced = std::get_if<ReplaceTable>(&step)) {
    load(replaced->to);
    replaced_.insert(label(replaced->to));
  }
}

// What the table is called in names of a directory's files.
std::string FileDestination::label(const TableName& table) const {
  return table_part(resolve({"", table.table}) == table ? TableName{"", table.table} : table);
}

std::string FileDestination::file_name(const TableName& table) const {
  if (!outlet_->facts().is_directory) return outlet_->facts().name;
  return fmt::format("{}.{}", run_name(label(table), context_.clock.now(), ::getpid()), format_.extension);
}

// Of masked rows nothing may reach the disk that is not masked yet.
void FileDestination::write(const Plan& plan, const Relation& rows) {
  if (plan.replaces) outlet_->check_replaceable();
  const Finished file{next_path(), file_name(plan.landing)};
  Writer::Memory memory = Writer::Memory::usual;
  const auto get_more = [&] {
    memory = Writer::Memory::much;
    return !duck::memory_limit(context_.environment);
  };
  retry_with_more_memory(context_.counters, get_more, [&] {
    Writer writer(is_private_ ? fs::path() : workplace_->path() / kSpillName, context_, memory);
    RelationProgress progress(rows, writer.engine(), context_.counters, context_.stop);
    progress.end(writer.write(format_, rows, file.path, file.name, progress.watch()));
  });
  finished_.push_back(file);
  if (plan.replaces) replaced_.insert(label(plan.landing));
}

void FileDestination::finish(const fs::path& file) const {
  if (format_.workbook == nullptr) return;
  const bool is_added_to = replaced_.empty() && !outlet_->facts().is_directory && outlet_->has_rows();
  format_.workbook->finish(file, uri_, is_added_to ? outlet_->facts().name : "");
}

// The number that the engine calls a file stands behind the run's name.
void FileDestination::write_apart(Writer& writer, const Loaded& loaded, const std::string& name) {
  const fs::path directory = next_path();
  const std::vector<fs::path> files = writer.write_apart(format_, writer.table(store_path(), loaded.table), loaded.partition_by, directory);
  const std::string stem = name.substr(0, name.rfind('.'));
  for (size_t i = 0; i < files.size(); ++i) {
    finish(directory / files[i]);
    finished_.push_back({directory / files[i], partition_directory(files[i].parent_path()) / fmt::format("{}-{}.{}", stem, i, format_.extension)});
  }
}

// All files are written before the first one is shown.
void FileDestination::close() {
  std::vector<std::string> names;
  for (const Loaded& loaded : loaded_) names.push_back(file_name(loaded.table));
  store_->close();
  store_.reset();
  if (!workplace_) return;
  if (!loaded_.empty()) {
    Writer writer(workplace_->path() / kSpillName, context_);
    for (size_t i = 0; i < loaded_.size(); ++i) {
      if (!loaded_[i].partition_by.empty()) {
        write_apart(writer, loaded_[i], names[i]);
        continue;
      }
      finished_.push_back({next_path(), names[i]});
      writer.write(format_, writer.table(store_path(), loaded_[i].table), finished_.back().path, names[i], writer.until_stopped());
      finish(finished_.back().path);
    }
  }
  // Where nobody knows columns there is no file, and nothing to be done; no row makes no partition.
  if (finished_.empty() && (replaced_.empty() || !outlet_->facts().is_directory)) return;
  within(outlet_->facts().name, [&] { outlet_->publish(*workplace_, finished_, replaced_); });
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
  if (wish.partitioned && !outlet.is_directory) {
    throw Error(ErrorKind::unsupported,
                fmt::format("--partition-by makes directories of files, and --dest-uri names {}; name a directory, as in {}://data/, or leave it out",
                            outlet.name, format.scheme));
  }
  if (wish.strategy == Strategy::replace || outlet.takes_append) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("{} takes the strategy replace, not {}; leave it out", outlet.name, to_string(wish.strategy)));
}

// It is told to the engine too.
void check_name(const std::string& name) {
  if (is_utf8(name)) return;
  throw Error(ErrorKind::usage, fmt::format("--dest-uri names {}: this is no UTF-8, as names of files have to be; name another file", shorten(name, 200)));
}

void check_workbook(const Format& format, const OutletFacts& outlet, const Uri& uri, const LoadWish& wish) {
  if (format.workbook == nullptr) return;
  format.workbook->check(uri);
  if (!wish.replaces && outlet.takes_append && fs::is_regular_file(outlet.name)) format.workbook->check_old(outlet.name);
}

Connector file_destination(const Kind& kind) {
  Connector connector;
  connector.schemes = kind.source.schemes;
  connector.title = kind.source.title;
  connector.check_load = [kind](const Uri& uri, const LoadWish& wish) {
    check_name(kind.facts(uri).name);
    check_strategy(kind.format(uri), kind.facts(uri), wish);
    check_workbook(kind.format(uri), kind.facts(uri), uri, wish);
    if (wish.replaces) kind.check_replaceable(uri);
  };
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
          [is_pipe](const Uri& uri) {
            if (!is_pipe(uri)) check_replaceable_local(uri);
          },
          [is_pipe](const Uri& uri, const Context& context) { return is_pipe(uri) ? open_standard_output(context) : open_local(uri); },
          std::move(open_store)};
}

// By what the user says, else by the end of the name; in a directory Parquet.
const Format& format_in_store(const Uri& uri, const OutletFacts& outlet) {
  const std::string said = said_kind(uri);
  const std::string& path = outlet.name;
  const Format* format = !said.empty()         ? format_of_name("x." + said)
                         : path.ends_with('/') ? find_format("parquet")
                                               : format_of_name(path);
  if (format != nullptr) return *format;
  throw Error(ErrorKind::usage,
              fmt::format("nothing says which kind of file {} is to be; end its name as one of {}, or say format=csv", path,
                          fmt::join(extensions(), ", ")));
}

Kind store_kind(const Connector& source, const RemotePlace& place, OpenStore open_store) {
  const auto facts_of = place.speaks_sftp() ? sftp_facts : store_facts;
  const auto format = [facts_of](const Uri& uri) -> const Format& { return format_in_store(uri, facts_of(uri)); };
  // What is in a workbook there is not known before it is read.
  const auto facts = [facts_of, format, place](const Uri& uri) {
    if (!place.speaks_sftp()) check_no_keys(place, uri);
    OutletFacts found = facts_of(uri);
    found.takes_append = found.is_directory || format(uri).workbook == nullptr;
    return found;
  };
  return {source, format, facts, [](const Uri&) {},
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
    if (format->workbook != nullptr) destinations.back().parameters.push_back(format->workbook->parameter());
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
      destinations.back().parameters.push_back(find_format("xlsx")->workbook->parameter());
    }
  }
  return destinations;
}

}  // namespace ingestr
