// Outlet: where a finished file goes: a file or a directory of this machine, a pipe, an object store, an SFTP server.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/uri.h"
#include "destinations/files/workplace.h"
#include "engine/context.h"
#include "engine/remote_place.h"

namespace ingestr::file_output {

// What the URI alone says of it.
struct OutletFacts {
  std::string name;           // what people call it
  bool is_directory = false;  // each run adds files to it
  bool takes_append = true;
};

// A finished file of the workplace, and what it is to be called: in a directory its path there, parts parted by "/".
struct Finished {
  std::filesystem::path path;
  std::string name;
};

// They throw Error(usage) for a URI that names no file, and what target_of() throws; nothing is asked.
OutletFacts local_facts(const Uri& uri);
OutletFacts standard_output_facts(const Uri& uri);
OutletFacts store_facts(const Uri& uri);

class Outlet {
 public:
  explicit Outlet(OutletFacts facts) : facts_(std::move(facts)) {}
  virtual ~Outlet() = default;
  const OutletFacts& facts() const { return facts_; }
  // Whether rows are there; may make requests.
  virtual bool has_rows() const = 0;
  // Where a run that writes works. Once.
  virtual std::unique_ptr<Workplace> workplace() const = 0;
  // Throws Error(unsupported) when a directory has files that no run of ours has written, so that nobody may replace what is there;
  // may make requests.
  virtual void check_replaceable() const {}
  // Takes finished files over: one, or any number in a directory. There, files of earlier runs of the tables `replaced`, as
  // table_part() has their names, go. A reader sees all of a file or nothing, and on this machine what is replaced and what
  // replaces it at once; in a store both for a moment. Throws what check_replaceable() throws; the old files are still there
  // then, and when anything else goes wrong before the last new one is.
  virtual void publish(Workplace& workplace, const std::vector<Finished>& files, const std::set<std::string>& replaced) = 0;

 private:
  OutletFacts facts_;
};

// Throws Error(unsupported) as check_replaceable() does, for a directory of this machine.
void check_replaceable_local(const Uri& uri);

// They throw what the functions above throw. `context` outlives them.
std::unique_ptr<Outlet> open_local(const Uri& uri);
std::unique_ptr<Outlet> open_standard_output(const Context& context);
std::unique_ptr<Outlet> open_store_at(const RemotePlace& place, const Uri& uri, const Context& context);

}  // namespace ingestr::file_output
