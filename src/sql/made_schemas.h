// MadeSchemas: schemas that a run has made go with it when it fails.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

namespace ingestr {

// One thread at a time. Destroyed before the session that `drop` uses.
class MadeSchemas {
 public:
  // `drop` drops a schema if it is empty, and else throws Error.
  explicit MadeSchemas(std::function<void(const std::string& schema)> drop) : drop_(std::move(drop)) {}
  // Drops all that are empty, unless they are kept.
  ~MadeSchemas();
  MadeSchemas(const MadeSchemas&) = delete;
  MadeSchemas& operator=(const MadeSchemas&) = delete;

  void add(const std::string& schema) { schemas_.insert(schema); }
  void keep() { schemas_.clear(); }

 private:
  std::function<void(const std::string& schema)> drop_;
  std::set<std::string> schemas_;
};

}  // namespace ingestr
