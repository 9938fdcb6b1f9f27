// Offset pagination that loses no row and doubles none while the rows move under it.
//
// The server answers (offset, limit) with rows in an order of its own and tells no total. Neighbouring pages are
// asked for so that they overlap by one row, the anchor: the last row taken so far. A page that holds the anchor, or
// another row taken before, continues the table where that row stands in it. A page that holds none shows that rows
// before it were removed: the pager reads further back until it meets a row it knows. So each two rows taken one
// after the other stood side by side in one answer, and a row that existed throughout the run was taken, whatever
// was inserted or deleted meanwhile, as long as the server's order is stable. Where it is not (known rows come back
// in another order) a warning says so, and the table is read once more from its start, page by page.
//
// The end is a page that holds the anchor and nothing else, or, where pages have a single row and cannot overlap, an
// empty page. A short page is never the end: servers cap pages.
//
// Pages are read ahead: the window starts at one request and doubles with every full page, up to `max_ahead`; an
// answer 429 halves it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>
#include <string>

#include "base/counters.h"
#include "base/log.h"
#include "base/worker_pool.h"
#include "data/row_index.h"
#include "http/page.h"

namespace ingestr {

struct OffsetPaging {
  std::string place;                      // for messages, e.g. "attio records:companies"
  uint64_t page_size = 500;               // rows asked for at once
  size_t max_ahead = 32;                  // requests under way at once
  uint64_t max_ahead_bytes = 48'000'000;  // about what pages may hold that were read ahead and not taken yet
};

// Used by one thread.
class OffsetPager {
 public:
  // Asks the server for one page. Called from the pool's threads, several at once. `unwanted` is requested when the
  // page is not needed any more; what the call then gives or throws does not matter.
  using Fetch = std::function<Page(uint64_t offset, uint64_t limit, std::stop_token unwanted)>;

  // Asks for the first page at once. References outlive the pager.
  OffsetPager(OffsetPaging paging, Fetch fetch, WorkerPool& pool, Counters& counters, Logger& log);
  // Does not wait for requests under way, so what the fetch refers to must outlive the pool.
  ~OffsetPager();
  OffsetPager(const OffsetPager&) = delete;
  OffsetPager& operator=(const OffsetPager&) = delete;

  // The next rows that were not given before, in the server's order; nothing at the end. Throws what the fetch
  // throws, and Error(bad_data) when the server repeats itself without end.
  std::optional<Page> next();

 private:
  struct Request {
    uint64_t offset;
    std::future<Page> page;
  };
  // How a page's rows stand to those taken before.
  struct Seam {
    uint64_t known = 0;        // rows that were taken before
    size_t fresh_from = 0;     // the place behind the last of them
    bool in_order = true;      // they stand in the order in which they were taken
    bool holds_newest = true;  // the row numbered last is among them
  };

  Request request(uint64_t offset);
  void drop_ahead();
  uint64_t next_offset() const;
  Page fetch_at(uint64_t offset);
  Seam compare(const Page& page) const;
  void take(Page& page, uint64_t offset, const Seam& seam);
  void adjust_window(const Page& page, bool first);
  void step_back();
  void read_serially();
  void check_progress(bool fresh);

  const OffsetPaging paging_;
  const Fetch fetch_;
  WorkerPool& pool_;
  Counters& counters_;
  Logger& log_;

  std::deque<Request> ahead_;  // in order of offset
  std::stop_source unwanted_;  // of the requests in ahead_
  size_t window_ = 1;
  uint64_t rate_limits_ = 0;   // as counted when the window was adjusted last
  uint64_t page_bytes_ = 0;    // of the largest page so far

  RowIndex taken_;
  uint32_t numbered_ = 0;
  std::optional<RowKey> anchor_;
  uint64_t position_ = 0;      // the anchor's place in the table as its answer saw it
  uint64_t page_rows_ = 0;     // rows of the fullest page: what the server gives at most, as far as we know
  uint64_t back_ = 0;          // rows to step back from the anchor's place; 0: none
  uint64_t idle_pages_ = 0;    // pages in a row without a new row
  bool serial_ = false;        // the order is not stable
  bool done_ = false;
};

}  // namespace ingestr
