// One page of a table that an API serves in pages.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/row_index.h"

namespace ingestr {

struct PageRow {
  RowKey key;             // who the row is
  std::string_view text;  // its JSON, inside the page's body
};

struct Page {
  std::unique_ptr<const std::string>
      body;  // on the heap, so that a page can be moved under its rows
  std::vector<PageRow> rows;
};

}  // namespace ingestr
