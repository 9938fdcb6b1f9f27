#include "sources/attio/rows.h"

#include <algorithm>
#include <deque>
#include <future>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "base/uri.h"
#include "http/offset_pager.h"
#include "sources/attio/answer.h"

namespace ingestr::attio {
namespace {

HttpClient& client_for(const Session& session, const Endpoint& endpoint) {
  return endpoint.requests_per_second > 0 ? session.slow_http : session.http;
}

// Sends one request and takes its answer apart. A status that says there are no rows gives a page without rows; where that is
// 400, `on_400` is called.
Answer ask(const Session& session, const Endpoint& endpoint, std::string url, std::string body,
           std::stop_token unwanted = {}, const std::function<void()>& on_400 = {}) {
  HttpRequest request{endpoint.method, std::move(url), {}, std::move(body), true, endpoint.no_rows,
                      std::move(unwanted)};
  HttpResponse response = client_for(session, endpoint).send(request);
  if (response.status < 300) return parse_answer(std::move(response.body), endpoint.rows, endpoint.single);
  // Of the reasons for 400 only one says that there are none; for the others the request itself is to blame.
  if (response.status == 400 && error_code(response.body) != "validation_type") throw to_error(request, response);
  if (response.status == 400 && on_400) on_400();
  return {};
}

std::string with_query(std::string path, const std::string& query) {
  if (query.empty()) return path;
  return path + (path.find('?') == std::string::npos ? "?" : "&") + query;
}

uint64_t page_size(const Fetching& fetching, const Endpoint& endpoint) {
  const uint64_t size = endpoint.page_size == 0 ? fetching.session.page_size : endpoint.page_size;
  return std::min(size, fetching.limit.value_or(UINT64_MAX));
}

class OnePage final : public RowStream {
 public:
  OnePage(const Fetching& fetching, const Endpoint& endpoint, std::shared_ptr<const Texts> texts)
      : session_(fetching.session), texts_(std::move(texts)) {
    answer_ = fetching.pool.run([&session = session_, &endpoint, path = path_of(endpoint, *texts_)] {
      return ask(session, endpoint, path, "");
    });
  }

  std::optional<PlacedPage> next() override {
    if (!answer_.valid()) return std::nullopt;
    Page page = std::move(answer_.get().page);
    if (!page.rows.empty()) ++session_.counters.pages;
    return PlacedPage{std::move(page), texts_};
  }

 private:
  const Session& session_;
  std::shared_ptr<const Texts> texts_;
  std::future<Answer> answer_;
};

class OffsetPages final : public RowStream {
 public:
  OffsetPages(const Fetching& fetching, const Endpoint& endpoint, std::shared_ptr<const Texts> texts)
      : texts_(std::move(texts)),
        pager_(OffsetPaging{.place = fetching.place,
                            .page_size = page_size(fetching, endpoint),
                            .max_ahead = fetching.session.parallelism},
               make_fetch(fetching, endpoint, *texts_), fetching.pool, fetching.session.counters,
               fetching.session.log) {}

  std::optional<PlacedPage> next() override {
    std::optional<Page> page = pager_.next();
    if (!page) return std::nullopt;
    return PlacedPage{std::move(*page), texts_};
  }

 private:
  static OffsetPager::Fetch make_fetch(const Fetching& fetching, const Endpoint& endpoint, const Texts& texts) {
    std::function<void()> on_400;
    if (!endpoint.no_rows_of.empty()) {
      on_400 = [none = fetching.without_rows, text = std::string(text_of(texts, endpoint.no_rows_of))] { none->add(text); };
    }
    return [&session = fetching.session, &endpoint, path = path_of(endpoint, texts), filter = fetching.filter,
            on_400 = std::move(on_400)](uint64_t offset, uint64_t limit, std::stop_token unwanted) {
      if (endpoint.paging == Paging::offset_query) {
        const std::string url = with_query(path, fmt::format("limit={}&offset={}", limit, offset));
        return std::move(ask(session, endpoint, url, "", std::move(unwanted), on_400).page);
      }
      const std::string more = filter.empty() ? "" : R"(,"filter":)" + filter;
      const std::string body = fmt::format(R"({{"limit":{},"offset":{}{}}})", limit, offset, more);
      return std::move(ask(session, endpoint, path, body, std::move(unwanted)).page);
    };
  }

  std::shared_ptr<const Texts> texts_;
  OffsetPager pager_;
};

// A cursor is known only from the page before it, so these are read one after the other, one ahead.
class CursorPages final : public RowStream {
 public:
  CursorPages(const Fetching& fetching, const Endpoint& endpoint, std::shared_ptr<const Texts> texts)
      : session_(fetching.session),
        pool_(fetching.pool),
        endpoint_(endpoint),
        place_(fetching.place),
        texts_(std::move(texts)) {
    if (endpoint.page_size > 0) limit_ = fmt::format("limit={}", page_size(fetching, endpoint));
    request("");
  }

  // A page may be short or even empty before the end: only a missing cursor ends the table.
  std::optional<PlacedPage> next() override {
    if (!answer_.valid()) return std::nullopt;
    Answer answer = answer_.get();
    if (!answer.next_cursor.empty()) {
      if (answer.next_cursor == cursor_) {
        throw Error(ErrorKind::bad_data, fmt::format("{}: Attio gives the same cursor twice; try again later", place_));
      }
      request(answer.next_cursor);
    }
    if (!answer.page.rows.empty()) ++session_.counters.pages;
    drop_known(answer.page);
    return PlacedPage{std::move(answer.page), texts_};
  }

 private:
  void request(const std::string& cursor) {
    cursor_ = cursor;
    std::string query = limit_;
    if (!cursor.empty()) query += (query.empty() ? "cursor=" : "&cursor=") + percent_encode(cursor);
    answer_ = pool_.run([&session = session_, &endpoint = endpoint_, url = with_query(path_of(endpoint_, *texts_), query)] {
      return ask(session, endpoint, url, "");
    });
  }

  void drop_known(Page& page) {
    std::erase_if(page.rows, [&](const PageRow& row) {
      if (taken_.find(row.key)) return true;
      taken_.insert(row.key, 0);
      return false;
    });
  }

  const Session& session_;
  WorkerPool& pool_;
  const Endpoint& endpoint_;
  const std::string place_;
  std::shared_ptr<const Texts> texts_;
  std::string limit_;
  std::string cursor_;
  std::future<Answer> answer_;
  RowIndex taken_;
};

class RowsBelow final : public RowStream {
 public:
  RowsBelow(const Fetching& fetching, std::vector<Parent> parents, const Endpoint& endpoint,
            std::shared_ptr<const Texts> texts)
      : fetching_(fetching), parent_(parents.front()), inner_(parents.begin() + 1, parents.end()), endpoint_(endpoint) {
    // A limit is of the rows wanted, not of those above them.
    Fetching above = fetching;
    above.limit.reset();
    above.filter.clear();
    parents_ = read_endpoint(above, attio::endpoint(parent_.endpoint), std::move(texts));
  }

  std::optional<PlacedPage> next() override {
    for (;;) {
      open_children();
      if (children_.empty()) return std::nullopt;
      if (auto page = children_.front()->next()) return page;
      children_.pop_front();
    }
  }

 private:
  void open_children() {
    while (children_.size() < fetching_.session.parallelism) {
      while (next_row_ == page_.page.rows.size()) {
        if (ended_) return;
        std::optional<PlacedPage> page = parents_->next();
        ended_ = !page;
        page_ = page ? std::move(*page) : PlacedPage{};
        next_row_ = 0;
        // Its page may be long in coming, and there is work to hand on.
        if (!children_.empty()) break;
      }
      if (next_row_ == page_.page.rows.size()) return;
      open_child(page_.page.rows[next_row_++]);
    }
  }

  void open_child(const PageRow& row) {
    if (!parent_.condition.empty() && !holds(row, parent_.condition, wanted())) return;
    std::string id = text_at(row, parent_.id);
    if (id.empty()) {
      throw Error(ErrorKind::bad_data, fmt::format("Attio sent a row of {} without {}: {}", parent_.endpoint, parent_.id,
                                                   shorten(row.text, 200)));
    }
    auto texts = std::make_shared<Texts>(*page_.texts);
    texts->emplace_back(parent_.variable, std::move(id));
    if (inner_.empty() && fetching_.without_rows->has(text_of(*texts, endpoint_.no_rows_of))) return;
    children_.push_back(read_below(fetching_, inner_, endpoint_, std::move(texts)));
  }

  std::string_view wanted() const {
    if (!parent_.equals.starts_with('{')) return parent_.equals;
    return text_of(*page_.texts, std::string_view(parent_.equals).substr(1, parent_.equals.size() - 2));
  }

  const Fetching fetching_;
  const Parent parent_;
  const std::vector<Parent> inner_;
  const Endpoint& endpoint_;
  std::unique_ptr<RowStream> parents_;
  PlacedPage page_;
  size_t next_row_ = 0;
  bool ended_ = false;
  std::deque<std::unique_ptr<RowStream>> children_;
};

}  // namespace

void WithoutRows::add(std::string text) {
  const std::lock_guard lock(mutex_);
  texts_.insert(std::move(text));
}

bool WithoutRows::has(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  return texts_.contains(text);
}

std::unique_ptr<RowStream> read_endpoint(const Fetching& fetching, const Endpoint& endpoint,
                                         std::shared_ptr<const Texts> texts) {
  switch (endpoint.paging) {
    case Paging::none: return std::make_unique<OnePage>(fetching, endpoint, std::move(texts));
    case Paging::offset_body:
    case Paging::offset_query: return std::make_unique<OffsetPages>(fetching, endpoint, std::move(texts));
    case Paging::cursor: return std::make_unique<CursorPages>(fetching, endpoint, std::move(texts));
  }
  throw Error(ErrorKind::internal, "a paging style is missing");
}

std::unique_ptr<RowStream> read_below(const Fetching& fetching, std::vector<Parent> parents, const Endpoint& endpoint,
                                      std::shared_ptr<const Texts> texts) {
  if (parents.empty()) return read_endpoint(fetching, endpoint, std::move(texts));
  return std::make_unique<RowsBelow>(fetching, std::move(parents), endpoint, std::move(texts));
}

}  // namespace ingestr::attio
