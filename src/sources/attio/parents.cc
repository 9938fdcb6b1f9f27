#include "sources/attio/parents.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "simdjson.h"

namespace ingestr::attio {
namespace {

// Lists and objects are few, so the convenient DOM is fast enough.
template <class Visit>
void each_row(const Page& page, std::string_view what, Visit visit) {
  simdjson::dom::parser parser;
  for (const PageRow& row : page.rows) {
    simdjson::dom::element element;
    if (parser.parse(row.text.data(), row.text.size()).get(element) != simdjson::SUCCESS || !element.is_object()) {
      throw Error(ErrorKind::bad_data, fmt::format("Attio sent {} that is no object: {}", what, shorten(row.text, 200)));
    }
    visit(element, row.text);
  }
}

std::string_view text_at(simdjson::dom::element row, std::string_view pointer) {
  std::string_view text;
  if (row.at_pointer(pointer).get_string().get(text) != simdjson::SUCCESS) return {};
  return text;
}

bool has_parent(simdjson::dom::element list, std::string_view slug) {
  if (text_at(list, "/parent_object") == slug) return true;
  simdjson::dom::array parents;
  if (list["parent_object"].get_array().get(parents) != simdjson::SUCCESS) return false;
  for (simdjson::dom::element parent : parents) {
    std::string_view text;
    if (parent.get_string().get(text) == simdjson::SUCCESS && text == slug) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> lists_with_parent(const Page& lists, std::string_view slug) {
  std::vector<std::string> ids;
  each_row(lists, "a list", [&](simdjson::dom::element list, std::string_view text) {
    if (!has_parent(list, slug)) return;
    const std::string_view id = text_at(list, "/id/list_id");
    if (id.empty()) {
      throw Error(ErrorKind::bad_data, fmt::format("Attio sent a list without an id.list_id: {}", shorten(text, 200)));
    }
    ids.emplace_back(id);
  });
  return ids;
}

std::string slug_of_object(const Page& objects, std::string_view slug_or_id) {
  std::string found;
  std::vector<std::string> known;
  each_row(objects, "an object", [&](simdjson::dom::element object, std::string_view) {
    const std::string slug(text_at(object, "/api_slug"));
    known.push_back(slug);
    if (slug == slug_or_id || text_at(object, "/id/object_id") == slug_or_id) found = slug;
  });
  if (!found.empty()) return found;
  throw Error(ErrorKind::not_found, fmt::format("this workspace has no object \"{}\"; it has {}", slug_or_id,
                                                fmt::join(known, ", ")));
}

}  // namespace ingestr::attio
