#include "workspace.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "choice.h"

namespace sandbox {
namespace {

constexpr Milliseconds kLater = 1756734302881;  // 2025-09-01T13:45:02.881Z

struct ObjectRow {
  const char* id;
  const char* slug;
  const char* singular_noun;
  const char* plural_noun;
  const char* url_path;
  bool standard;
  uint64_t records;
  std::vector<Attribute> (*attributes)();
};

constexpr ObjectRow kObjects[] = {
    {"b4dd58cd-ac6e-5e51-ad72-19482c5a42ba", "people", "Person", "People", "person", true, 700,
     person_attributes},
    {"baf6e5bc-0851-53af-8d22-2555a0ded1cb", "companies", "Company", "Companies", "company", true,
     1200, company_attributes},
    {"a0c0f722-eff9-5ebf-b930-2b5812e7f08c", "deals", "Deal", "Deals", "deal", true, 120,
     deal_attributes},
    {"d9af1b67-845d-57f2-a163-fcb8af73169e", "users", "User", "Users", "user", true, 60,
     user_attributes},
    {"0317e660-c7fe-5b57-92e6-3cf1949f37bb", "workspaces", "Workspace", "Workspaces", "workspace",
     true, 12, workspace_attributes},
    {"4bb8433b-d8fd-54f0-8650-4e69192c438d", "lab_samples", "Lab sample", "Lab samples",
     "custom/lab_samples", false, 100, lab_sample_attributes},
};

struct ListRow {
  const char* id;
  const char* slug;
  const char* name;
  const char* parent_object;
  const char* workspace_access;  // null: private
  const char* member_access;
  size_t creator;
  Milliseconds created_at;
  uint64_t entries;
};

constexpr ListRow kLists[] = {
    {"39bba25a-7997-5d27-a117-67101e6babea", "renewals", "Renewals", "companies", "full-access",
     "[]", 0, 1761987600123, 40},
    {"16e4340f-005e-511b-bcc2-3c006fd3c429", "board_watchlist", "Board watchlist", "companies",
     nullptr,
     R"([{"workspace_member_id":"5d9e8c86-facb-5c33-8b85-f35f5baf08b9","level":"full-access"}])", 0,
     1765541532000, 7},
    {"381268bf-4900-56a5-86e9-af7909fd5110", "candidates", "Kandidat:innen – 候補者 🎯", "people",
     "read-only",
     R"([{"workspace_member_id":"103cdd42-3baf-5c03-9ba0-d81aea0da08c","level":"read-and-write"}])",
     2, 1767323045678, 25},
    {"6f0a4a3e-50a6-5d0e-9a39-0f7a5a2b9c11", "expansion", "Expansion \"Größe XL\" / 拡大",
     "companies", "read-and-write",
     R"([{"workspace_member_id":"5d9e8c86-facb-5c33-8b85-f35f5baf08b9","level":null}])", kSystem,
     1768000000001, 1200},
    {"c1d7e7f2-8f5b-5a83-b1f6-3f2a90f4d6aa", "parked_ideas", "Parked ideas", "companies",
     "full-access", "[]", 3, 1769000000999, 0},
};

uint64_t take_count(std::map<std::string, uint64_t>& counts, const std::string& slug,
                    uint64_t fallback) {
  const auto found = counts.extract(slug);
  return found ? found.mapped() : fallback;
}

template <typename Noun>
const Noun* find_in(const std::vector<Noun>& nouns, std::string_view name) {
  const auto id = parse_uuid(name);
  for (const Noun& noun : nouns)
    if (noun.slug == name || (id && noun.id == *id)) return &noun;
  return nullptr;
}

Object custom_object(const std::string& slug) {
  Object object;
  object.id = named_uuid("object/" + slug);
  object.slug = slug;
  object.singular_noun = slug;  // and no plural: both are nullable
  object.url_path = "custom/" + slug;
  object.standard = false;
  object.created_at = kLater;
  object.attributes = lab_sample_attributes();
  return object;
}

std::unique_ptr<Collection> make_rows(const DataOptions& options, const Uuid& owner,
                                      uint64_t count) {
  return std::make_unique<Collection>(mix(options.seed ^ mix(owner.high)), count);
}

}  // namespace

Workspace::Workspace(const DataOptions& options) {
  add_objects(options);
  add_lists(options);
  add_tables(options);
  resources_ = std::make_unique<Resources>(options);
}

void Workspace::add_objects(const DataOptions& options) {
  for (const ObjectRow& row : kObjects) {
    Object object;
    object.id = *parse_uuid(row.id);
    object.slug = row.slug;
    object.singular_noun = row.singular_noun;
    object.plural_noun = row.plural_noun;
    object.url_path = row.url_path;
    object.standard = row.standard;
    object.created_at = row.standard ? kWorkspaceStart : kLater;
    object.attributes = row.attributes();
    if (options.future_attribute && !row.standard) object.attributes.push_back(future_attribute());
    objects_.push_back(std::move(object));
  }
  for (const auto& [slug, count] : options.records)
    if (find_object(slug) == nullptr) objects_.push_back(custom_object(slug));
  // The order seen in recorded answers.
  std::sort(objects_.begin(), objects_.end(),
            [](const Object& a, const Object& b) { return a.id < b.id; });
  for (const std::string& slug : options.disabled_objects) {
    const auto object = std::find_if(objects_.begin(), objects_.end(),
                                     [&](const Object& o) { return o.slug == slug; });
    if (object == objects_.end() || !object->standard)
      throw std::invalid_argument(
          fmt::format("--disabled-object: \"{}\" is no standard object", slug));
    object->enabled = false;
  }
}

void Workspace::add_lists(const DataOptions& options) {
  if (!options.no_lists)
    for (const ListRow& row : kLists) {
      List list{*parse_uuid(row.id), row.slug,    row.name,       row.parent_object, std::nullopt,
                row.member_access,   row.creator, row.created_at, list_attributes(), nullptr};
      if (row.workspace_access != nullptr) list.workspace_access = row.workspace_access;
      lists_.push_back(std::move(list));
    }
  for (const auto& [name, count] : options.entries) {
    const size_t at = name.rfind('@');
    if (find_list(name) != nullptr) continue;
    if (at == std::string::npos || find_object(name.substr(at + 1)) == nullptr)
      throw std::invalid_argument(fmt::format(
          "--entries: no list \"{}\"; SLUG@OBJECT=N makes a new one over an object", name));
    const std::string slug = name.substr(0, at);
    lists_.push_back({named_uuid("list/" + slug), slug, slug, name.substr(at + 1), "full-access",
                      "[]", 0, kLater, list_attributes(), nullptr});
  }
}

void Workspace::add_tables(const DataOptions& options) {
  const Uuid workspace = *parse_uuid(kWorkspaceId);
  auto records = options.records;
  std::map<std::string, std::unique_ptr<Collection>> rows;
  References references;
  for (const Object& object : objects_) {
    const auto row = std::find_if(std::begin(kObjects), std::end(kObjects),
                                  [&](const auto& r) { return object.slug == r.slug; });
    const uint64_t fallback = row == std::end(kObjects) ? 0 : row->records;
    rows[object.slug] = make_rows(options, object.id, take_count(records, object.slug, fallback));
    references[object.slug] = rows[object.slug].get();
  }
  for (Object& object : objects_) {
    RowShape shape{workspace,
                   object.id,
                   fmt::format("https://app.attio.com/{}/{}/", kWorkspaceSlug, object.url_path),
                   "",
                   nullptr,
                   !object.standard};
    // Slugs of custom objects may hold anything; the address is written as it is.
    const std::string quoted = json_string(shape.web_url);
    shape.web_url = quoted.substr(1, quoted.size() - 2);
    auto writer = std::make_unique<RowWriter>(std::move(shape), object.attributes, references,
                                              options.seed ^ object.id.low, options.record_bytes);
    object.table = std::make_unique<Table>(std::move(rows[object.slug]), std::move(writer));
  }
  auto entries = options.entries;
  for (List& list : lists_) {
    const auto row = std::find_if(std::begin(kLists), std::end(kLists),
                                  [&](const auto& r) { return list.slug == r.slug; });
    const uint64_t fallback = row == std::end(kLists) ? 0 : row->entries;
    const uint64_t made = take_count(entries, list.slug + "@" + list.parent_object, fallback);
    const uint64_t count = take_count(entries, list.slug, made);
    RowShape shape{workspace, list.id, "", list.parent_object, references.at(list.parent_object),
                   false};
    auto writer = std::make_unique<RowWriter>(std::move(shape), list.attributes, references,
                                              options.seed ^ list.id.low, 0);
    list.table = std::make_unique<Table>(make_rows(options, list.id, count), std::move(writer));
  }
}

const Object* Workspace::find_object(std::string_view name) const {
  return find_in(objects_, name);
}

const List* Workspace::find_list(std::string_view name) const {
  return find_in(lists_, name);
}

std::optional<RecordReference> Workspace::draw_record(Random& random) const {
  const uint64_t first = random.next(), row = random.next();
  for (uint64_t i = 0; i < objects_.size(); ++i) {
    const Object& object = objects_[(first + i) % objects_.size()];
    if (!object.enabled) continue;
    if (const auto id = object.table->rows().original_id(row)) return RecordReference{&object, *id};
  }
  return std::nullopt;
}

void Workspace::restore_rows() {
  for (const Object& object : objects_) object.table->rows().restore();
  for (const List& list : lists_) list.table->rows().restore();
  resources_->restore();
}

const Attribute* find_attribute(const std::vector<Attribute>& attributes, const Uuid& owner,
                                std::string_view name) {
  const auto id = parse_uuid(name);
  for (const Attribute& attribute : attributes)
    if (attribute.slug == name || (id && attribute_id(owner, attribute.slug) == *id))
      return &attribute;
  return nullptr;
}

}  // namespace sandbox
