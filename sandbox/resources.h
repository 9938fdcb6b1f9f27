// Resources: which rows there are beside records and entries: those of the workspace, and those
// that hang on one record, meeting and so on. Nothing of what is in them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "collection.h"
#include "options.h"
#include "random.h"
#include "time_text.h"

namespace sandbox {

enum class Resource {
  member,     // of the workspace, beyond the two that rows name
  note,
  task,
  webhook,
  meeting,
  thread,     // of a record or an entry
  comment,    // of a thread
  file,       // of a record
  view,       // of an object or a list
  recording,  // of a meeting
  segment,    // of a recording's transcript
};

class Resources {
 public:
  explicit Resources(const DataOptions& options);

  // Those of the workspace.
  Collection& of_workspace(Resource resource);

  // Those of one parent. How many follows from the seed and the parent's id: most have none. As
  // parents are many, only longer ones are kept, which remember what they served; `keep` forces it.
  std::shared_ptr<Collection> of(Resource resource, const Uuid& parent, bool keep = false);

  // Undoes all inserts and deletes.
  void restore();

  // A stream of numbers for the content of one row.
  Random content(Resource resource, const Uuid& parent, const Row& row) const;

 private:
  uint64_t seed_of(Resource resource, const Uuid& parent) const;

  const uint64_t seed_;
  std::mutex mutex_;  // guards the map, not the collections
  std::map<std::pair<Resource, Uuid>, std::shared_ptr<Collection>> kept_;
};

// When a row was made, from its place alone: so that times ascend with ids, as in the API's
// answers. From the start of the workspace on, within `days`.
Milliseconds time_of(const Row& row, int days = 500);

// An id that leads back to its parent: it begins with the parent's first half.
Uuid child_id(const Uuid& parent, const Row& row);

}  // namespace sandbox
