// Makes batches of any types from text, for tests.
#pragma once

#include <initializer_list>
#include <vector>

#include "data/batch.h"
#include "support/cells.h"

namespace ingestr {

// One row per element, one text per column; nothing for NULL. How a value is written:
//
//   boolean                          true, false
//   integers, real, double_, decimal as in SQL: -12.50
//   varchar, json, uuid, null        the characters; an inferred column has JSON text
//   blob                             the bytes
//   date, time                       2026-11-24, 07:05:09.123456
//   timestamp                        2026-11-24T07:05:09.123456
//   timestamp_tz                     the same with a Z or an offset
//   interval                         months days microseconds: 14 -3 1500000
//   list                             elements between bars, ~ for NULL: |a|~|b|; | for an empty one
Batch batch_of(const Schema& schema, const std::vector<Cells>& rows);

}  // namespace ingestr
