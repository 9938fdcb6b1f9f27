// The rows of one endpoint, or of many calls to it, page by page.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/worker_pool.h"
#include "http/page.h"
#include "sources/attio/endpoint.h"
#include "sources/attio/session.h"

namespace ingestr::attio {

// A page, and the texts of the place it comes from.
struct PlacedPage {
  Page page;
  std::shared_ptr<const Texts> texts;
};

// Used by one thread. Requests are sent ahead from the pool's threads, so the first one may be under way once the
// stream exists; the pool outlives it.
class RowStream {
 public:
  virtual ~RowStream() = default;
  // The next page, which may be without rows; nothing at the end. Throws what the requests throw.
  virtual std::optional<PlacedPage> next() = 0;
};

// The texts that an endpoint has answered with 400 for, so that it is not asked for them again (Endpoint::no_rows_of).
// Thread-safe.
class WithoutRows {
 public:
  void add(std::string text);
  bool has(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> texts_;
};

// What the requests for rows have in common.
struct Fetching {
  const Session& session;
  WorkerPool& pool;
  std::string place;           // for messages: "attio records:companies"
  std::string filter = {};     // JSON for the body of an offset_body request; empty: none
  std::optional<uint64_t> limit = {};  // no more rows than that are wanted
  std::shared_ptr<WithoutRows> without_rows = std::make_shared<WithoutRows>();  // of the innermost endpoint
};

// The rows of one call to `endpoint`, or of as many as its paging takes.
std::unique_ptr<RowStream> read_endpoint(const Fetching& fetching, const Endpoint& endpoint,
                                         std::shared_ptr<const Texts> texts);

// The rows of `endpoint` below each row of the parents: for each page of the outermost level, for each row that meets
// its condition, and so on inwards. As many calls are under way as the session allows.
std::unique_ptr<RowStream> read_below(const Fetching& fetching, std::vector<Parent> parents, const Endpoint& endpoint,
                                      std::shared_ptr<const Texts> texts);

}  // namespace ingestr::attio
