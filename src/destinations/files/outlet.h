// Outlet: where a finished file goes: a file or a directory of this machine, a pipe, an object store.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "base/uri.h"
#include "destinations/files/workplace.h"
#include "engine/context.h"
#include "engine/remote_place.h"

namespace ingestr::file_output {

// What the URI alone says of it.
struct OutletFacts {
  std::string name;           // what people call it
  bool is_directory = false;  // each run adds a file to it
  bool takes_replace = true;
  bool takes_append = true;
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
  // Takes a file of the workplace over, so that a reader sees all of it or nothing; in a directory it gets the name.
  virtual void publish(Workplace& workplace, const std::filesystem::path& written, const std::string& name) = 0;

 private:
  OutletFacts facts_;
};

// They throw what the functions above throw. `context` outlives them.
std::unique_ptr<Outlet> open_local(const Uri& uri);
std::unique_ptr<Outlet> open_standard_output(const Context& context);
std::unique_ptr<Outlet> open_store_at(const RemotePlace& place, const Uri& uri, const Context& context);

}  // namespace ingestr::file_output
