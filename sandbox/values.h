// The values of one attribute in one row: what stands between the brackets of `"slug":[…]`.
//
// A Column is an Attribute with everything prepared that does not depend on the row, so that
// writing a value is mostly copying.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "attribute.h"
#include "collection.h"
#include "json_writer.h"
#include "random.h"

namespace sandbox {

// Where record references find ids that exist: object slug to its rows. The collections outlive
// every Column.
using References = std::map<std::string, const Collection*>;

// Who does things in the workspace. Fixed ids, the same in every run.
struct Actor {
  std::string_view type;
  std::string_view id;  // empty: null, as for the system
};
inline constexpr Actor kActors[] = {{"workspace-member", "5d9e8c86-facb-5c33-8b85-f35f5baf08b9"},
                                    {"workspace-member", "103cdd42-3baf-5c03-9ba0-d81aea0da08c"},
                                    {"app", "0f8cf9ff-1fec-5896-be75-48952695f97e"},
                                    {"api-token", "63fddf72-e2e8-5da0-9d00-5ded0cfa9d79"},
                                    {"system", ""}};
inline constexpr size_t kSystem = 4;

// `{"type":…,"id":…}`
std::string actor_json(const Actor& actor);

// What is the same for all values of one row. Drawn once, from the seed and the row's key.
struct RowFacts {
  RowFacts(const Row& row, uint64_t seed);

  Row row;
  Random random;  // for everything else in the row, in the order of the attributes
  size_t creator;
  Milliseconds created;            // the row's own created_at
  Milliseconds created_attribute;  // the attribute created_at: up to two minutes earlier when a
                                   // person made the row
  char id_text[kUuidLength];
  char created_text[kTimestampLength];
  char touched_text[kTimestampLength];  // when somebody last changed it
  size_t first_word, second_word;

  std::string_view id() const { return {id_text, kUuidLength}; }
  std::string_view created_at() const { return {created_text, kTimestampLength}; }
  std::string_view touched_at() const { return {touched_text, kTimestampLength}; }
};

struct Column {
  // `owner` is the object or list that the attribute belongs to. References to objects without rows
  // are left out.
  Column(const Attribute& attribute, const Uuid& workspace, const Uuid& owner,
         const References& references);

  std::string slug;
  ValueType type;
  Content content;
  int fill;
  bool multi;
  std::string open;                  // `"slug":[`
  std::string close;                 // `,"attribute_type":"text"}`
  std::vector<std::string> choices;  // `"option":{…}` for each option of a select or status
  struct Reference {
    std::string open;  // `"target_object":"people","target_record_id":"`
    const Collection* rows;
  };
  std::vector<Reference> references;
};

// Writes one value, or several if the column is multi-valued. `filler` is the text for
// Content::filler.
void write_values(const Column& column, RowFacts& facts, std::string_view filler, JsonWriter& out);

}  // namespace sandbox
