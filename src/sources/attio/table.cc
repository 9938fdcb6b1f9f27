#include "sources/attio/table.h"

#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "base/error.h"
#include "base/worker_pool.h"
#include "engine/strategy.h"
#include "http/offset_pager.h"
#include "sources/attio/answer.h"
#include "sources/attio/endpoint.h"
#include "sources/attio/parents.h"

namespace ingestr::attio {
namespace {

// A batch is handed on when it holds so many bytes, or at the end: many small lists make few batches.
constexpr uint64_t kBatchBytes = 1'000'000;

constexpr std::string_view kAllListEntries = "all_list_entries";

// Turns rows into batches and pushes them, until the limit is reached.
class RowWriter {
 public:
  RowWriter(const std::string& place, const Endpoint& endpoint, std::optional<uint64_t> limit, BatchSink& sink)
      : rows_(place, endpoint.fields, {std::string(kLoadTimestampColumn)}), left_(limit.value_or(UINT64_MAX)), sink_(sink) {}

  bool full() const { return left_ == 0; }
  void write(const Page& page) {
    for (const PageRow& row : page.rows) {
      if (full()) break;
      rows_.add(row.text);
      --left_;
    }
    if (rows_.bytes() >= kBatchBytes) flush();
  }
  void flush() {
    if (rows_.rows() > 0) sink_.push(rows_.take());
  }

 private:
  JsonRows rows_;
  uint64_t left_;
  BatchSink& sink_;
};

Page get_page(const Session& session, const Endpoint& endpoint) {
  Page page = parse_page(session.http.send({endpoint.method, path_of(endpoint, ""), {}, "", true}).body);
  if (!page.rows.empty()) ++session.counters.pages;
  return page;
}

// Pages of one endpoint with limit and offset in the body. They are no parameters of the URL: there Attio ignores them.
std::unique_ptr<OffsetPager> query(const std::string& place, const Session& session, const Endpoint& endpoint,
                  const std::string& argument, std::optional<uint64_t> limit, WorkerPool& pool) {
  OffsetPaging paging;
  paging.place = place;
  paging.page_size = std::min(session.page_size, limit.value_or(UINT64_MAX));
  paging.max_ahead = session.parallelism;
  auto fetch = [&http = session.http, method = endpoint.method, path = path_of(endpoint, argument)](
                   uint64_t offset, uint64_t rows) {
    return parse_page(http.send({method, path, {}, fmt::format(R"({{"limit":{},"offset":{}}})", rows, offset), true}).body);
  };
  return std::make_unique<OffsetPager>(std::move(paging), std::move(fetch), pool, session.counters, session.log);
}

void write_all(OffsetPager& pager, RowWriter& writer) {
  while (!writer.full()) {
    const std::optional<Page> page = pager.next();
    if (!page) break;
    writer.write(*page);
  }
}

// A table that is one endpoint.
class EndpointTable final : public Table {
 public:
  EndpointTable(std::string_view name, const Session& session, const Endpoint& endpoint, std::string argument)
      : session_(session), endpoint_(endpoint), argument_(std::move(argument)) {
    spec_.name = name;
    spec_.schema = schema_of(endpoint.fields);
  }

  const TableSpec& spec() const override { return spec_; }

  void read(const ReadRequest& request, BatchSink& rows) override {
    within("attio " + spec_.name, [&] {
      RowWriter writer("attio " + spec_.name, endpoint_, request.limit, rows);
      if (endpoint_.paging == Paging::none) {
        writer.write(get_page(session_, endpoint_));
      } else {
        WorkerPool pool(session_.parallelism);
        write_all(*query("attio " + spec_.name, session_, endpoint_, argument_, request.limit, pool), writer);
      }
      writer.flush();
    });
  }

 private:
  const Session session_;
  const Endpoint& endpoint_;
  const std::string argument_;
  TableSpec spec_;
};

// The entries of every list whose parent is one object.
class AllListEntriesTable final : public Table {
 public:
  AllListEntriesTable(std::string_view name, const Session& session, std::string object)
      : session_(session), object_(std::move(object)) {
    spec_.name = name;
    spec_.schema = schema_of(entries_.fields);
  }

  const TableSpec& spec() const override { return spec_; }

  void read(const ReadRequest& request, BatchSink& rows) override {
    within("attio " + spec_.name, [&] {
      const std::vector<std::string> lists = lists_of_object();
      RowWriter writer("attio " + spec_.name, entries_, request.limit, rows);
      WorkerPool pool(session_.parallelism);
      // Each list's first page is asked for while the lists before it are read.
      std::deque<std::unique_ptr<OffsetPager>> ahead;
      size_t next = 0;
      while (!writer.full()) {
        while (next < lists.size() && ahead.size() < session_.parallelism) {
          ahead.push_back(query(fmt::format("attio {}, list {}", spec_.name, lists[next]), session_, entries_,
                                lists[next], request.limit, pool));
          ++next;
        }
        if (ahead.empty()) break;
        write_all(*ahead.front(), writer);
        ahead.pop_front();
      }
      writer.flush();
    });
  }

 private:
  std::vector<std::string> lists_of_object() const {
    const Page lists = get_page(session_, endpoint("lists"));
    std::vector<std::string> ids = lists_with_parent(lists, object_);
    if (!ids.empty()) return ids;
    // None: the object is named by its id, or it has no lists, or it does not exist.
    const std::string slug = slug_of_object(get_page(session_, endpoint("objects")), object_);
    return lists_with_parent(lists, slug);
  }

  const Session session_;
  const std::string object_;
  const Endpoint& entries_ = endpoint("list_entries");
  TableSpec spec_;
};

[[noreturn]] void refuse(std::string_view name) {
  std::string known;
  for (const Endpoint& candidate : endpoints()) {
    known += fmt::format("{}{}{}, ", candidate.table, candidate.argument.empty() ? "" : ":",
                         candidate.argument.empty() ? "" : fmt::format("{{{}}}", candidate.argument));
  }
  throw Error(ErrorKind::usage,
              fmt::format("Attio has no table \"{}\"; --source-table is one of {}all_list_entries:{{object_api_slug}}", name,
                          known));
}

// The part behind the colon, which must be there exactly when the table takes one.
std::string argument_of(std::string_view name, std::string_view table, std::string_view wanted, std::string_view example) {
  const std::string_view rest = name.substr(table.size());
  if (wanted.empty()) {
    if (rest.empty()) return "";
    throw Error(ErrorKind::usage, fmt::format("the table {0} takes nothing after a colon; use just \"{0}\"", table));
  }
  if (rest.size() < 2) {
    throw Error(ErrorKind::usage, fmt::format("the table {0} needs {1} {2}, e.g. {0}:{3}", table,
                                              wanted == "list_id" ? "a" : "an", wanted, example));
  }
  return std::string(rest.substr(1));
}

}  // namespace

std::unique_ptr<Table> open_table(std::string_view name, const Session& session) {
  const std::string_view table = name.substr(0, name.find(':'));
  if (table == kAllListEntries) {
    return std::make_unique<AllListEntriesTable>(name, session,
                                                 argument_of(name, table, "object_api_slug", "companies"));
  }
  for (const Endpoint& candidate : endpoints()) {
    if (candidate.table != table) continue;
    return std::make_unique<EndpointTable>(name, session, candidate,
                                           argument_of(name, table, candidate.argument, candidate.example));
  }
  refuse(name);
}

}  // namespace ingestr::attio
