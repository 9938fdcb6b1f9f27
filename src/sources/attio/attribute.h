// Attributes of objects and lists, and the columns that their values fill when they are wanted typed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/json_rows.h"
#include "http/page.h"

namespace ingestr::attio {

// What Attio says of an attribute (GET /objects/{object}/attributes).
struct Attribute {
  std::string slug;
  std::string type;  // "text", "record-reference"…; a type we do not know is kept as JSON
  bool multiple = false;
};

// Reads a page of attribute definitions. Throws Error(bad_data).
std::vector<Attribute> read_attributes(const Page& page);

// Takes a row's `values` (or `entry_values`) apart:
//
//   attribute type                   columns
//   text                             {slug} VARCHAR
//   email-address, domain,           {slug} VARCHAR: the address, the domain, the number in E.164
//   phone-number
//   number                           {slug} DOUBLE
//   checkbox                         {slug} BOOLEAN
//   currency                         {slug} DECIMAL(19,4), {slug}_currency_code
//   date, timestamp                  {slug} DATE, TIMESTAMPTZ (whole microseconds)
//   rating                           {slug} SMALLINT
//   status, select                   {slug} the title, {slug}_id
//   record-reference                 {slug} the record's id, {slug}_object
//   actor-reference                  {slug} the actor's id, {slug}_type
//   location                         {slug}_line_1 … _line_4, _locality, _region, _postcode, _country_code VARCHAR,
//                                    {slug}_latitude, {slug}_longitude DOUBLE
//   personal-name                    {slug} the full name, {slug}_first_name, {slug}_last_name
//   interaction                      {slug} TIMESTAMPTZ, {slug}_type, {slug}_owner_type, {slug}_owner_id
//   any other                        {slug} JSON, as sent
//
// A multi-valued attribute fills lists (VARCHAR[]), one element a value; where its parts are not all text, one JSON
// column. An attribute without a value is NULL, a multi-valued one an empty list. A slug that is not among the
// attributes (made while the table is read) becomes a JSON column.
//
// Names: columns of the row itself come first; then each attribute's {slug}; then the others. A name that is taken
// (ignoring case) gets the suffix "_2", "_3"…; the slugs record_id, entry_id and created_at, which every row has among
// its values too, so become record_id_2 and so on.
std::unique_ptr<JsonReader> make_attribute_reader(std::string key, std::vector<Attribute> attributes);

}  // namespace ingestr::attio
