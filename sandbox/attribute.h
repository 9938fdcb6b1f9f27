// Attribute: one column of an object or a list, as its rows are generated from it, and the built-in
// sets of them (the standard objects, the custom object with all seventeen types, and the lists).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// Attio's seventeen types, and one that it may add one day.
enum class ValueType {
  text,
  number,
  checkbox,
  currency,
  date,
  timestamp,
  rating,
  status,
  select,
  record_reference,
  actor_reference,
  location,
  domain,
  email_address,
  phone_number,
  interaction,
  personal_name,
  future,
};

// "record-reference" and so on, as in `attribute_type`.
std::string_view to_text(ValueType type);

// What the values are made of, where the type alone does not say it.
enum class Content {
  ordinary,     // plausible values of the type
  wild,         // what breaks careless readers: huge numbers, control characters, empty strings
  row_id,       // the id of the row itself
  row_created,  // when the row was made
  row_creator,  // who made it
  name,         // the name of the thing
  url,          // an address with every legal oddity
  filler,       // long text, as long as --record-bytes needs
};

// Who writes the values. Attio keeps no history of those that it writes itself.
enum class Origin {
  people,        // somebody typed them or sent them by the API
  enrichment,    // looked up by Attio; people may overwrite them
  intelligence,  // from mail and calendars; read-only
};

struct Attribute {
  std::string slug;
  std::string title;
  ValueType type;
  int fill = 100;  // how many rows of a hundred have a value; the others have []
  Content content = Content::ordinary;
  bool multi = false;
  bool system = true;  // Attio's own, not made by a user
  std::vector<std::string> choices =
      {};  // titles of a status or select, as JSON text; one that starts with '-' is archived
  std::vector<std::string> targets = {};  // slugs of the objects a record reference may point at
  Origin origin = Origin::people;
  bool archived = false;  // defined, but no row has it among its values
};

std::vector<Attribute> company_attributes();
std::vector<Attribute> person_attributes();
std::vector<Attribute> deal_attributes();
std::vector<Attribute> user_attributes();
std::vector<Attribute> workspace_attributes();
std::vector<Attribute> lab_sample_attributes();  // all seventeen types, wild content
std::vector<Attribute> list_attributes();        // of every list
Attribute future_attribute();                    // of a type that no client knows yet

}  // namespace sandbox
