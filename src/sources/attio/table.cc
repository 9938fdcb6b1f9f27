#include "sources/attio/table.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <future>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "base/worker_pool.h"
#include "engine/strategy.h"
#include "sources/attio/answer.h"
#include "sources/attio/attribute.h"
#include "sources/attio/endpoint.h"
#include "sources/attio/interval.h"
#include "sources/attio/rows.h"

namespace ingestr::attio {
namespace {

// A batch is handed on when it holds so many bytes, or at the end: many small answers make few batches.
constexpr uint64_t kBatchBytes = 1'000'000;

constexpr std::string_view kCreatedAt = "created_at";

void each_page(RowStream& rows, const std::function<void(const PlacedPage&)>& visit) {
  while (const std::optional<PlacedPage> page = rows.next()) visit(*page);
}

// Attributes of several lists become one set of columns. One that differs between lists is kept as JSON.
void merge(std::vector<Attribute>& all, std::vector<Attribute> more) {
  for (Attribute& attribute : more) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const Attribute& one) { return one.slug == attribute.slug; });
    if (same == all.end()) {
      all.push_back(std::move(attribute));
    } else if (same->type != attribute.type || same->multiple != attribute.multiple) {
      same->type.clear();
    }
  }
}

class AttioTable final : public Table {
 public:
  AttioTable(std::string_view name, const Session& session, const TableKind& kind, Texts texts)
      : session_(session),
        kind_(kind),
        place_("attio " + std::string(name)),
        parents_(kind.parents),
        texts_(std::make_shared<Texts>(std::move(texts))),
        pool_(session.parallelism) {
    spec_.name = name;
    // Which of the five tables of the manual have no declared key there, have none here.
    if (kind.values.empty() && kind.name != "objects" && kind.name != "lists") spec_.primary_key = kind.key;
    std::erase_if(parents_, [&](const Parent& parent) { return !text_of(*texts_, parent.variable).empty(); });
    make_rows(std::nullopt);
    spec_.grows = !kind_.values.empty() && session_.values != Values::json;
  }

  const TableSpec& spec() const override { return spec_; }

  void prepare(const ReadRequest& request) override {
    within(place_, [&] {
      if (request.has_interval() && (!kind_.filters_created_at || request.incremental_key != kCreatedAt)) {
        throw Error(ErrorKind::unsupported,
                    "Attio cannot give an interval of this table; only records and list entries can be loaded by interval, "
                    "with --incremental-key created_at");
      }
      before_any_page([&] {
        if (kind_.name == "all_list_entries") resolve_object();
        if (!text_of(*texts_, "attribute").empty()) check_attribute();
        if (spec_.grows) make_rows(attributes());
        spec_.grows = false;
        if (!parents_.empty()) return;
        open(request);
        first_ = stream_->next();
      });
    });
  }

  void read(const ReadRequest& request, BatchSink& sink) override {
    within(place_, [&] {
      if (!stream_) open(request);
      const CreationInterval interval(request);
      uint64_t left = request.limit.value_or(UINT64_MAX);
      while (left > 0) {
        const std::optional<PlacedPage> page = next_page();
        if (!page) break;
        for (const PageRow& row : page->page.rows) {
          if (left == 0) break;
          if (!interval.holds(row)) continue;
          rows_->add(row.text, *page->texts);
          --left;
        }
        if (rows_->bytes() >= kBatchBytes) sink.push(rows_->take());
      }
      if (rows_->rows() > 0) sink.push(rows_->take());
    });
  }

 private:
  // What the key may do is asked first and waited for last: it costs no time, and what is missing is named before a page counts.
  // In the pool, for it is one of the requests under way.
  void before_any_page(const std::function<void()>& requests) {
    std::future<void> permitted = pool_.run([this] { session_.access.require(scopes_of(kind_)); });
    std::exception_ptr refusal;
    try {
      requests();
    } catch (...) {
      refusal = std::current_exception();
    }
    permitted.get();
    if (refusal) std::rethrow_exception(refusal);
  }

  void open(const ReadRequest& request) {
    const CreationInterval interval(request);
    Fetching fetching{session_, pool_, place_, interval.filter()};
    if (!interval.bounded()) fetching.limit = request.limit;  // else more rows may come than are kept
    stream_ = read_below(fetching, parents_, endpoint(kind_.endpoint), texts_);
  }

  std::optional<PlacedPage> next_page() {
    return first_ ? std::exchange(first_, std::nullopt) : stream_->next();
  }

  // The rows' columns. Once the attributes are known, columns of theirs take the place of the JSON, or stand beside it.
  void make_rows(std::optional<std::vector<Attribute>> attributes) {
    std::vector<JsonField> fields = kind_.fields;
    if (attributes && session_.values == Values::columns) {
      std::erase_if(fields, [&](const JsonField& field) { return field.column.name == kind_.values; });
    }
    rows_ = std::make_unique<JsonRows>(place_, std::move(fields), std::vector{std::string(kLoadTimestampColumn)});
    if (attributes) rows_->add_reader(make_attribute_reader(kind_.values, std::move(*attributes)));
    if (!kind_.whole_row.empty()) rows_->keep_whole_row_in(kind_.whole_row);
    spec_.schema = rows_->schema();
  }

  // Lists name their objects by slug.
  void resolve_object() {
    const std::string object(text_of(*texts_, "object"));
    const Fetching fetching{session_, pool_, place_};
    bool has_lists = false;
    each_page(*read_endpoint(fetching, endpoint("lists"), texts_), [&](const PlacedPage& page) {
      for (const PageRow& row : page.page.rows) has_lists = has_lists || holds(row, "/parent_object", object);
    });
    if (has_lists) return;
    // It is named by its id, or has no lists, or does not exist.
    std::string slug;
    std::vector<std::string> known;
    each_page(*read_endpoint(fetching, endpoint("objects"), texts_), [&](const PlacedPage& page) {
      for (const PageRow& row : page.page.rows) {
        known.push_back(text_at(row, "/api_slug"));
        if (known.back() == object || text_at(row, "/id/object_id") == object) slug = known.back();
      }
    });
    if (slug.empty()) {
      throw Error(ErrorKind::not_found,
                  fmt::format("this workspace has no object \"{}\"; it has {}", object, fmt::join(known, ", ")));
    }
    texts_ = std::make_shared<Texts>(Texts{{"object", slug}});
  }

  // Of one that there is not Attio says no more than that it has no values.
  void check_attribute() {
    const std::string attribute(text_of(*texts_, "attribute"));
    Endpoint every = endpoint("attributes");
    every.path += "?show_archived=true";
    bool is_there = false;
    std::vector<std::string> known;
    each_page(*read_endpoint({session_, pool_, place_}, every, texts_), [&](const PlacedPage& page) {
      for (const PageRow& row : page.page.rows) {
        known.push_back(text_at(row, "/api_slug"));
        is_there = is_there || known.back() == attribute || text_at(row, "/id/attribute_id") == attribute;
      }
    });
    if (is_there) return;
    throw Error(ErrorKind::not_found, fmt::format("the object \"{}\" has no attribute \"{}\"; it has {}", text_of(*texts_, "object"), attribute,
                                                  fmt::join(known, ", ")));
  }

  // Of the object or the list, or of all lists.
  std::vector<Attribute> attributes() {
    const Fetching fetching{session_, pool_, place_};
    const Endpoint& definitions = endpoint(kind_.endpoint == "records" ? "attributes" : "list_attributes");
    std::vector<Attribute> all;
    each_page(*read_below(fetching, parents_, definitions, texts_),
              [&](const PlacedPage& page) { merge(all, read_attributes(page.page)); });
    return all;
  }

  const Session& session_;
  const TableKind& kind_;
  const std::string place_;
  std::vector<Parent> parents_;
  std::shared_ptr<const Texts> texts_;
  TableSpec spec_;
  std::unique_ptr<JsonRows> rows_;
  WorkerPool pool_;
  std::unique_ptr<RowStream> stream_;
  std::optional<PlacedPage> first_;  // read by prepare(), not yet given on
};

const TableKind& kind_of(std::string_view name) {
  const std::string_view table = name.substr(0, name.find(':'));
  std::vector<std::string> known;
  for (const TableKind& kind : table_kinds()) {
    if (kind.name == table) return kind;
    known.push_back(usage(kind));
  }
  throw Error(ErrorKind::usage, fmt::format("Attio has no table \"{}\"; --source-table is one of {}", name, fmt::join(known, ", ")));
}

// What follows the table's name: "companies" in "records:companies", "deals" and "stage" in "record_history:deals:stage".
Texts texts_of(std::string_view name, const TableKind& kind) {
  std::vector<std::string> parts = split(name, ':');
  if (kind.argument.empty()) {
    if (parts.size() == 1) return {};
    throw Error(ErrorKind::usage, fmt::format("the table {0} takes nothing after a colon; use just \"{0}\"", kind.name));
  }
  if (parts.size() < 2 || parts[1].empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("the table {0} needs {1}, e.g. {0}:{2}", kind.name,
                            kind.argument == "list" ? "a list_id" : "an object_api_slug", example_of(kind.argument)));
  }
  if (kind.second_argument.empty()) return {{kind.argument, std::string(name.substr(kind.name.size() + 1))}};
  Texts texts = {{kind.argument, parts[1]}};
  if (parts.size() > 2) texts.emplace_back(kind.second_argument, parts[2]);
  return texts;
}

// The tables that patterns stand for. What there is of objects and lists is asked for once.
class Expansion {
 public:
  explicit Expansion(const Session& session) : session_(session) {}

  void add(const TableKind& kind) {
    if (kind.argument.empty()) {
      names_.push_back(kind.name);
      return;
    }
    std::optional<std::vector<std::string>>& slugs = kind.argument == "list" ? lists_ : objects_;
    if (!slugs) slugs = slugs_of(kind.argument == "list" ? "lists" : "objects");
    for (const std::string& slug : *slugs) names_.push_back(kind.name + ":" + slug);
  }

  std::vector<std::string> names() && { return std::move(names_); }

 private:
  std::vector<std::string> slugs_of(std::string_view all) const {
    WorkerPool pool(1);
    std::vector<std::string> slugs;
    each_page(*read_endpoint({session_, pool, "attio"}, endpoint(all), std::make_shared<Texts>()),
              [&](const PlacedPage& page) {
                for (const PageRow& row : page.page.rows) slugs.push_back(text_at(row, "/api_slug"));
              });
    return slugs;
  }

  const Session& session_;
  std::optional<std::vector<std::string>> objects_;
  std::optional<std::vector<std::string>> lists_;
  std::vector<std::string> names_;
};

// Whether the key may read tables of this kind; nothing when that is not known.
std::optional<bool> readable(const TableKind& kind, const Session& session) {
  const std::optional<Access>& access = session.access.get();
  if (!access) return std::nullopt;
  const std::vector<std::string> scopes = scopes_of(kind);
  return std::all_of(scopes.begin(), scopes.end(), [&](const std::string& scope) { return access->has(scope); });
}

}  // namespace

std::unique_ptr<Table> open_table(std::string_view name, const Session& session) {
  const TableKind& kind = kind_of(name);
  return std::make_unique<AttioTable>(name, session, kind, texts_of(name, kind));
}

std::vector<TableInfo> list_tables(const Session& session) {
  std::vector<TableInfo> all;
  for (const TableKind& kind : table_kinds()) {
    all.push_back({usage(kind), kind.description, kind.key, scopes_of(kind), readable(kind, session)});
  }
  return all;
}

std::vector<std::string> expand_tables(std::string_view pattern, const Session& session) {
  Expansion expansion(session);
  if (pattern == "*") {
    // What one table holds whole, another need not repeat; what the key may not read is left out, and said.
    for (const TableKind& kind : table_kinds()) {
      if (kind.name == "all_list_entries") continue;
      if (!readable(kind, session).value_or(true)) {
        session.log.warning(fmt::format("attio {} is left out: the API key lacks one of the scopes {}", usage(kind),
                                        fmt::join(scopes_of(kind), ", ")));
        continue;
      }
      expansion.add(kind);
    }
  } else if (pattern.ends_with(":*") && pattern.find(':') + 2 == pattern.size()) {
    const TableKind& kind = kind_of(pattern);
    if (kind.argument.empty()) texts_of(pattern, kind);  // throws
    expansion.add(kind);
  } else {
    return {std::string(pattern)};
  }
  return std::move(expansion).names();
}

}  // namespace ingestr::attio
