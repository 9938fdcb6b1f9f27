#include "app/load.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/attempt.h"
#include "app/routes.h"
#include "engine/keys.h"
#include "engine/pipeline.h"
#include "engine/transforms.h"

namespace ingestr {
namespace {

// A file that is read and written by two engines at once would lose its lock, and its tables.
void check_files(const Job& job, const Connector& from, const Connector& to) {
  if (!from.engine_file || !to.engine_file) return;
  std::error_code missing;
  if (!std::filesystem::equivalent(from.engine_file(job.source), to.engine_file(job.destination), missing)) return;
  throw Error(ErrorKind::unsupported,
              "--source-uri and --dest-uri name the same file; copy its tables with SQL, or load into another file");
}

// What a load works with, opened in the order in which mistakes are to be found.
class Loader {
 public:
  Loader(const Job& job, const Context& context, Reporter& reporter, const Meter& meter,
         const Catalog& catalog)
      : job_(job),
        context_(context),
        absent_(column_words(job.columns)),
        reporter_(reporter),
        meter_(meter),
        from_(within("--source-uri",
                     [&]() -> const Connector& { return catalog.source(job.source); })),
        to_(within("--dest-uri",
                   [&]() -> const Connector& { return catalog.destination(job.destination); })) {
    if (!from_.finds_primary_keys) {
      require_keys(job.strategy, job.primary_key, job.incremental_key);
    }
    check_files(job, from_, to_);
    within("--source-uri", [&] { check_parameters(from_, job.source); });
    within("--dest-uri", [&] { check_parameters(to_, job.destination); });
    check_destination();
    if (!job.source_options.window_column.empty() && !from_.reads_windows) {
      throw Error(ErrorKind::usage, fmt::format("--extract-partition-by is for PostgreSQL and MySQL, and {} is read as it can best be; leave it out",
                                                from_.title));
    }
    source_ = from_.open_source(job.source, job.source_options, context);
  }

  void load_one() {
    const std::unique_ptr<Table> table = source_->table(job_.source_table);
    const RunFacts run = facts(table->spec());
    check_columns(job_, table->spec());
    open_destination();
    reporter_.start(run);
    if (job_.dry_run) {
      return plan({1, 1, job_.source_table, to_string(job_.dest_table)}, job_, *table);
    }
    const ProgressThread progress(reporter_, meter_, context_.clock);
    run_pipeline(job_, *table, *destination_, context_);
    destination_->close();
  }

  std::optional<Failure> load_many() {
    routes_ =
        make_routes(job_.source_table, source_->expand(job_.source_table), job_.dest_table);
    open_destination();
    reporter_.start(facts({}));
    std::optional<ProgressThread> progress;
    if (!job_.dry_run) progress.emplace(reporter_, meter_, context_.clock);
    while (done_ < routes_.size() && !context_.stop.stop_requested()) load_next();
    if (loaded_ > 0 && !job_.dry_run) close_many();
    if (context_.stop.stop_requested() && loaded_ < routes_.size()) {
      throw interrupted();
    }
    if (failed_.empty()) {
      refuse_columns_of_no_table();
      return std::nullopt;
    }
    return Failure{first_failure_, fmt::format("{} of {} tables failed: {}", failed_.size(),
                                               routes_.size(), fmt::join(failed_, ", "))};
  }

 private:
  void check_destination() const {
    const bool partitioned = !job_.partition_by.empty();
    if (to_.check_load) {
      to_.check_load(job_.destination, {.strategy = job_.strategy,
                                        .many_tables = is_pattern(job_.source_table),
                                        .replaces = job_.strategy == Strategy::replace || job_.fresh,
                                        .partitioned = partitioned});
    } else if (partitioned) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("--partition-by keeps files apart by the values of columns, and {} has none; leave it, or the environment variable "
                              "PARTITION_BY, out, or name a directory of files, as in parquet://data/",
                              to_.title));
    }
  }

  void open_destination() {
    const Access access = job_.dry_run ? Access::look : Access::change;
    destination_ = to_.open_destination(job_.destination, access, context_);
  }

  void plan(const TableFacts& facts, const Job& job, Table& table) {
    reporter_.plan(facts, plan_pipeline(job, table, *destination_, context_));
  }

  RunFacts facts(const TableSpec& spec) const {
    return {
        .source_type = from_.schemes.front(),
        .source_table = job_.source_table,
        .destination_type = to_.schemes.front(),
        .destination_table = to_string(job_.dest_table),
        .strategy = std::string(to_string(job_.strategy)),
        .schema_naming = job_.columns.naming == Naming::automatic
                             ? ""
                             : std::string(to_string(job_.columns.naming)),
        .incremental_key = job_.incremental_key.empty() ? spec.incremental_key : job_.incremental_key,
        .primary_key = primary_key(job_, spec),
        .dry_run = job_.dry_run,
    };
  }

  void load_next() {
    const Route& route = routes_[done_++];
    const TableFacts facts{done_, routes_.size(), route.source, to_string(route.destination)};
    reporter_.table_start(facts);
    const SteadyTime start = context_.clock.steady();
    const uint64_t rows_before = context_.counters.rows;
    const std::optional<Failure> failure = attempt([&] { load_table(facts, route); }, interrupted().what());
    reporter_.table_end(
        facts, {.rows = failure ? 0 : context_.counters.rows - rows_before,
                .seconds = std::chrono::duration<double>(context_.clock.steady() - start).count(),
                .interrupted = failure && context_.stop.stop_requested(),
                .failure = failure});
    if (!failure) {
      ++loaded_;
      return;
    }
    if (failed_.empty()) first_failure_ = failure->kind;
    failed_.push_back(route.source);
  }

  // Files are written, and all shown, at the end.
  void close_many() {
    try {
      destination_->close();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::cancelled) throw;
      throw Error(ErrorKind::cancelled, "interrupted before the files of the loaded tables were written; all is as it was, run the command again");
    }
  }

  void load_table(const TableFacts& facts, const Route& route) {
    Job job = job_;
    job.one_of_many = true;
    job.source_table = route.source;
    job.dest_table = route.destination;
    const std::unique_ptr<Table> table = source_->table(route.source);
    if (job.dry_run) return plan(facts, job, *table);
    const std::vector<ColumnWord> unmet = run_pipeline(job, *table, *destination_, context_);
    destination_->settle();
    std::erase_if(absent_, [&](const ColumnWord& one) { return std::ranges::find(unmet, one) == unmet.end(); });
  }

  // A column that no table has is most likely misspelt, so that another one was loaded as it was not to be.
  void refuse_columns_of_no_table() const {
    if (absent_.empty() || job_.dry_run) return;
    std::vector<std::string> named;
    for (const ColumnWord& one : absent_) named.push_back(fmt::format("{} names {}", one.flag, one.word));
    throw Error(ErrorKind::usage,
                fmt::format("all tables are loaded, but {}, which is no column of any of them; correct the name and run again",
                            fmt::join(named, " and ")));
  }

  const Job& job_;
  const Context& context_;
  std::vector<ColumnWord> absent_;  // names of columns that no table loaded so far has
  Reporter& reporter_;
  const Meter& meter_;
  const Connector& from_;
  const Connector& to_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Destination> destination_;
  std::vector<Route> routes_;
  size_t done_ = 0;
  size_t loaded_ = 0;
  std::vector<std::string> failed_;
  ErrorKind first_failure_ = ErrorKind::internal;
};

}  // namespace

std::optional<Failure> load(const Job& job, const Context& context, Reporter& reporter,
                            const Meter& meter, const Catalog& catalog) {
  Loader loader(job, context, reporter, meter, catalog);
  if (is_pattern(job.source_table)) return loader.load_many();
  loader.load_one();
  return std::nullopt;
}

}  // namespace ingestr
