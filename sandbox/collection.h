// Collection: which rows an object or a list holds, in ascending order of their ids, and nothing of
// what is in them.
//
// An untouched collection costs no memory: the id of row i is computed (evenly spread high bits
// plus a hash, so that ids look random but ascend with i). From the first insert or delete on, the
// order of all rows is kept as one number per row. All methods may be called from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <vector>

#include "uuid.h"

namespace sandbox {

// `key` decides the content of the row; it stays the same when other rows come and go.
struct Row {
  uint64_t key = 0;
  Uuid id;
};

class Collection {
 public:
  // `count` rows; seed and count decide all ids.
  Collection(uint64_t seed, uint64_t count);

  uint64_t size() const;

  // Up to `limit` rows from position `offset`; none past the end. Remembers how far pages have been
  // served.
  std::vector<Row> page(uint64_t offset, uint64_t limit);

  // The upper 48 bits of an id, in which all rows of one collection differ. They ascend with it.
  static uint64_t place(const Uuid& id) { return id.high >> 16; }

  // Up to `limit` rows behind a place, or from the start: how cursors page. Rows that come and go
  // before it do not matter. Counts as serving.
  struct Slice {
    uint64_t begin = 0;  // position of the first row
    std::vector<Row> rows;
    bool more = false;  // there are rows behind these
  };
  Slice after(std::optional<uint64_t> place, uint64_t limit);

  // The row that has this place now, with its position.
  struct Found {
    Row row;
    uint64_t position = 0;
  };
  std::optional<Found> find_place(uint64_t place) const;
  std::optional<Found> find(const Uuid& id) const;

  // All rows now. For filters, sorts and tests; does not count as serving.
  std::vector<Row> all() const;

  // Puts a new row into the region that pages have already shown (so that the rows after it move
  // right and a pager sees one of them twice). Before the first page that region is the front. The
  // place follows from the seed and the number of changes.
  Row insert_in_served();

  // Takes a row out of that region (the rows after it move left, and a pager misses one). Nothing
  // when there are no rows.
  std::optional<Row> erase_in_served();

  // The same at a given position, which is clamped to the rows there are.
  Row insert_at(uint64_t position);
  std::optional<Row> erase_at(uint64_t position);

  // Forgets all changes and what was served.
  void restore();

  // An id that existed at the start, for references from other rows: any `draw` maps to a row.
  // Nothing if there were none.
  std::optional<Uuid> original_id(uint64_t draw) const;

 private:
  Uuid original(uint64_t index) const;
  Row at(uint64_t position) const;
  uint64_t size_locked() const;
  uint64_t position_of(uint64_t place) const;
  std::vector<Row> page_locked(uint64_t begin, uint64_t limit);
  void materialize();
  Row insert_locked(uint64_t position);
  std::optional<Row> erase_locked(uint64_t position);
  uint64_t draw_position();

  const uint64_t seed_;
  const uint64_t count_;
  const uint64_t step_;  // distance between neighbours in the upper 48 bits of the id

  mutable std::shared_mutex mutex_;
  bool changed_ = false;
  std::vector<uint64_t> order_;  // keys in id order, once changed
  std::vector<Uuid> inserted_;   // ids of inserted rows; key = kInsertedBit | index
  uint64_t served_end_ = 0;
  uint64_t changes_ = 0;
};

}  // namespace sandbox
