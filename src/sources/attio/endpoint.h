// What Attio offers, as data: its endpoints, and the tables made of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/json_rows.h"
#include "http/client.h"

namespace ingestr::attio {

enum class Paging {
  none,          // the whole set in one answer
  offset_body,   // limit and offset in the JSON body of a POST that only asks; in the URL Attio ignores them
  offset_query,  // limit and offset in the URL
  cursor,        // a cursor in the URL, the next one in the answer's pagination.next_cursor
};

struct Endpoint {
  std::string name;               // that tables use
  std::string method = "GET";
  std::string path;               // "/objects/{object}/records/query"; names in braces are filled in, percent-encoded
  Paging paging = Paging::none;
  std::string scopes = {};        // that the API key needs, space separated
  uint64_t page_size = 0;         // the largest that Attio documents; 0: the source's page_size, none for a cursor without limit
  std::string rows = "/data";     // where the rows are in an answer
  bool single = false;            // not an array of rows stands there, but the only row
  std::vector<int> no_rows = {};  // statuses that say there are none
  std::string no_rows_of = {};    // 400 says it of this text, "attribute", whatever the others in the path are
  double requests_per_second = 0; // 0: only the limit of all
};

// Texts by name: what stands in a path's braces, and what a row's place adds to it.
using Texts = OutsideTexts;

// Rows of one endpoint that the next level's paths are made of.
struct Parent {
  std::string endpoint;
  std::string variable;          // the name of the text that each row gives: "record"
  std::string id;                // where it stands in the row: "/id/record_id"
  std::string condition = {};    // where something stands that must be, or be an array that holds, `equals`
  std::string equals = {};       // a text, or "{object}": the text of that name
};

struct TableKind {
  std::string name;              // "records"
  std::string argument = {};     // what follows the colon: "object", "list"; empty: nothing may
  std::string description;       // one line
  std::vector<Parent> parents = {};  // the levels above the endpoint, outermost first
  std::string endpoint;
  std::vector<std::string> key;  // the columns that tell rows apart
  std::vector<JsonField> fields;
  std::string values = {};       // the key whose value can be taken apart by attributes
  std::string whole_row = {};    // the column that keeps each row's whole text; other keys then make no columns
  bool filters_created_at = false;   // the endpoint can filter by created_at
  std::string second_argument = {};  // "record_history:deals:stage": gives this text, and replaces the parent that would
};

const std::vector<Endpoint>& endpoints();
const Endpoint& endpoint(std::string_view name);  // throws Error(internal) when there is none

const std::vector<TableKind>& table_kinds();
// "records:{object_api_slug}", as people are told to write it.
std::string usage(const TableKind& kind);
// "companies", for an example.
std::string_view example_of(std::string_view argument);
// The scopes of all levels, each once.
std::vector<std::string> scopes_of(const TableKind& kind);

// The path with its names filled in.
std::string path_of(const Endpoint& endpoint, const Texts& texts);
// The text of a name; empty when there is none.
std::string_view text_of(const Texts& texts, std::string_view name);

// Which endpoint a request went to, and with which texts.
struct Match {
  const Endpoint* endpoint;
  Texts texts;
};
std::optional<Match> match(const HttpRequest& request);

}  // namespace ingestr::attio
