#include "http/offset_pager.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {
namespace {

// The number of a row whose place among those taken before is not known: it was inserted during the run.
constexpr uint32_t kUnplaced = UINT32_MAX;

// So many pages without a new row: the server repeats itself, or rows move faster than they can be read.
constexpr uint64_t kMostIdlePages = 200;

}  // namespace

OffsetPager::OffsetPager(OffsetPaging paging, Fetch fetch, WorkerPool& pool, Counters& counters, Logger& log)
    : paging_(std::move(paging)),
      fetch_(std::move(fetch)),
      pool_(pool),
      counters_(counters),
      log_(log),
      rate_limits_(counters.rate_limits) {
  ahead_.push_back(request(0));
}

OffsetPager::~OffsetPager() { drop_ahead(); }

OffsetPager::Request OffsetPager::request(uint64_t offset) {
  auto task = [fetch = fetch_, unwanted = unwanted_.get_token(), offset, limit = paging_.page_size] {
    return unwanted.stop_requested() ? Page{} : fetch(offset, limit, unwanted);
  };
  return {offset, pool_.run(std::move(task))};
}

void OffsetPager::drop_ahead() {
  unwanted_.request_stop();
  unwanted_ = std::stop_source();
  ahead_.clear();
}

uint64_t OffsetPager::next_offset() const {
  if (!anchor_) return 0;
  if (back_ > 0) return position_ + 1 - std::min(back_, position_ + 1);
  const bool overlap = !serial_ && page_rows_ >= 2;
  return overlap ? position_ : position_ + 1;
}

Page OffsetPager::fetch_at(uint64_t offset) {
  if (!ahead_.empty() && ahead_.front().offset != offset) drop_ahead();
  if (ahead_.empty()) ahead_.push_back(request(offset));
  while (page_rows_ >= 2 && ahead_.size() < window_) {
    ahead_.push_back(request(ahead_.back().offset + page_rows_ - 1));
  }
  std::future<Page> page = std::move(ahead_.front().page);
  ahead_.pop_front();
  return page.get();
}

std::optional<Page> OffsetPager::next() {
  while (!done_) {
    const uint64_t offset = next_offset();
    const bool overlap = anchor_ && offset == position_ && back_ == 0;
    Page page = fetch_at(offset);
    if (page.rows.empty() && (offset == 0 || !overlap) && back_ == 0) break;
    if (overlap && page.rows.size() == 1 && page.rows.front().key == *anchor_) break;
    if (page.rows.empty() && offset == 0) break;  // stepped back to the start of a table that is empty now

    const Seam seam = compare(page);
    if (overlap && (page.rows.empty() || !(page.rows.front().key == *anchor_))) ++counters_.mended;
    if (!serial_ && !seam.in_order) {
      read_serially();
      continue;
    }
    if (!serial_ && anchor_ && page_rows_ >= 2 && seam.known == 0 && offset > 0) {
      step_back();
      continue;
    }
    take(page, offset, seam);
    if (!page.rows.empty()) return page;
  }
  done_ = true;
  drop_ahead();
  return std::nullopt;
}

OffsetPager::Seam OffsetPager::compare(const Page& page) const {
  Seam seam;
  std::optional<uint32_t> last;
  for (size_t i = 0; i < page.rows.size(); ++i) {
    const std::optional<uint32_t> number = taken_.find(page.rows[i].key);
    if (!number) continue;
    ++seam.known;
    seam.fresh_from = i + 1;
    if (*number == kUnplaced) continue;
    if (last && *number < *last) seam.in_order = false;
    last = number;
  }
  seam.holds_newest = numbered_ == 0 || (last && *last == numbered_ - 1);
  return seam;
}

void OffsetPager::take(Page& page, uint64_t offset, const Seam& seam) {
  const bool first = !anchor_;
  const size_t served = page.rows.size();
  // Of the rows that came again, those up to the anchor's place were asked for again.
  const uint64_t asked_again = anchor_ && position_ + 1 > offset ? position_ + 1 - offset : 0;
  if (!serial_ && seam.known > asked_again) counters_.duplicates += seam.known - asked_again;

  anchor_ = page.rows.back().key;
  position_ = offset + served - 1;
  adjust_window(page, first);
  page_rows_ = std::max<uint64_t>(page_rows_, served);
  back_ = 0;
  ++counters_.pages;

  std::vector<PageRow> fresh;
  fresh.reserve(served - std::min<uint64_t>(seam.known, served));
  for (size_t i = 0; i < served; ++i) {
    if (taken_.find(page.rows[i].key)) continue;
    // Rows behind the newest one follow it. Where that one is not in the page it may stand still further on.
    const bool placed = i >= seam.fresh_from && seam.holds_newest;
    taken_.insert(page.rows[i].key, placed ? numbered_++ : kUnplaced);
    fresh.push_back(page.rows[i]);
  }
  // Twice in one page, so that compare() could not see it.
  if (!serial_) counters_.duplicates += served - seam.known - fresh.size();
  page.rows = std::move(fresh);
  check_progress(!page.rows.empty());
}

void OffsetPager::adjust_window(const Page& page, bool first) {
  const uint64_t rate_limits = counters_.rate_limits;
  page_bytes_ = std::max<uint64_t>(page_bytes_, page.body ? page.body->size() : 0);
  // The first page shows what the server gives at most only when it is as large as was asked for.
  const bool full = page.rows.size() >= paging_.page_size || (!first && page.rows.size() >= page_rows_);
  if (serial_) {
    window_ = 1;
  } else if (rate_limits > rate_limits_) {
    window_ = std::max<size_t>(1, window_ / 2);
  } else if (full) {
    const uint64_t by_bytes = paging_.max_ahead_bytes / std::max<uint64_t>(1, page_bytes_);
    window_ = std::min({window_ * 2, paging_.max_ahead, std::max<size_t>(1, by_bytes)});
  } else {
    window_ = 1;  // most likely the table's last page
  }
  rate_limits_ = rate_limits;
}

// Rows before the page were removed, so that what follows the anchor now stands before it. The page after the last
// step is likely to hold rows on both sides of the seam when the step is half a page.
void OffsetPager::step_back() {
  back_ = back_ == 0 ? std::max<uint64_t>(2, page_rows_ / 2) : back_ * 2;
  window_ = 1;
  check_progress(false);
}

void OffsetPager::read_serially() {
  log_.warning(fmt::format(
      "{}: the API gives rows in an order that changes while they are read; they are read once more, page by page, and "
      "each is kept once, but rows that moved may be missing: run again when nobody changes the data",
      paging_.place));
  serial_ = true;
  anchor_.reset();
  back_ = 0;
  drop_ahead();
}

void OffsetPager::check_progress(bool fresh) {
  idle_pages_ = fresh || serial_ ? 0 : idle_pages_ + 1;
  if (idle_pages_ > kMostIdlePages) {
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: {} pages in a row brought no new row, so the rows move faster than they can be read or "
                            "the API ignores the offset; nothing was loaded, try again later",
                            paging_.place, idle_pages_));
  }
}

}  // namespace ingestr
