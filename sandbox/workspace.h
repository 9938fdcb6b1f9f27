// Workspace: the data model that the sandbox serves: objects and lists, each with a Table of rows,
// all derived from the options.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attribute.h"
#include "options.h"
#include "resources.h"
#include "table.h"

namespace sandbox {

inline constexpr std::string_view kWorkspaceId = "f3c847af-95b7-559c-a5ac-3bf4c2723f7c";
inline constexpr std::string_view kWorkspaceSlug = "northlight";

struct Object {
  Uuid id;
  std::string slug;
  std::optional<std::string> singular_noun, plural_noun;  // absent: null
  std::string url_path;  // how records are addressed in the web app
  bool standard = true;
  bool enabled = true;
  Milliseconds created_at = 0;
  std::vector<Attribute> attributes;
  std::unique_ptr<Table> table;
};

struct List {
  Uuid id;
  std::string slug;
  std::string name;
  std::string parent_object;
  std::optional<std::string> workspace_access;  // absent: null, a private list
  std::string member_access;                    // a JSON array
  size_t creator = 0;                           // index into kActors
  Milliseconds created_at = 0;
  std::vector<Attribute> attributes;
  std::unique_ptr<Table> table;
};

// A record that other rows may speak of.
struct RecordReference {
  const Object* object;
  Uuid id;
};

class Workspace {
 public:
  // Throws std::invalid_argument when the options name an object that does not exist.
  explicit Workspace(const DataOptions& options);

  // By slug or id; null if there is none. Disabled objects are found too.
  const Object* find_object(std::string_view name) const;
  const List* find_list(std::string_view name) const;

  const std::vector<Object>& objects() const { return objects_; }
  const std::vector<List>& lists() const { return lists_; }

  // What there is beside records and entries. Locks for itself, so any thread may use it.
  Resources& resources() const { return *resources_; }

  // One that was there at the start, of an enabled object; nothing if there were none at all.
  std::optional<RecordReference> draw_record(Random& random) const;

  // Undoes all inserts and deletes.
  void restore_rows();

 private:
  void add_objects(const DataOptions& options);
  void add_lists(const DataOptions& options);
  void add_tables(const DataOptions& options);

  std::vector<Object> objects_;
  std::vector<List> lists_;
  std::unique_ptr<Resources> resources_;
};

// By slug or id; null if there is none. Archived ones are found too. `owner`: the object or list.
const Attribute* find_attribute(const std::vector<Attribute>& attributes, const Uuid& owner,
                                std::string_view name);

}  // namespace sandbox
