// What one connector tells the program of itself. The list of all is src/app/catalog.cc.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/uri.h"
#include "engine/context.h"
#include "engine/destination.h"
#include "engine/source.h"
#include "engine/strategy.h"

namespace ingestr {

// A parameter of a connector's URI, for the reference pages and for checking.
struct Parameter {
  std::string name;
  std::string description;
  std::string default_text;  // as people read it; empty: none
  bool required = false;
  bool secret = false;
  // The environment variable that it is taken from when the URI does not give it, e.g.
  // "ATTIO_API_KEY"; empty: none.
  std::string variable = {};
};

// Settings of the command line that a source may heed.
struct SourceOptions {
  std::optional<uint64_t> page_size;    // --page-size, when given
  std::optional<uint64_t> parallelism;  // --extract-parallelism, when given
  std::string window_column{};          // --extract-partition-by: read in parts by its values, side by side; empty: as a whole
  std::string window_step{};            // --extract-partition-interval, as given; empty: the source's choice
  bool keep_private = false;            // some columns are masked: their values must not reach the disk as they are
  bool is_written_anew = false;         // a file, with more rows: values that would be others then are refused
};

// Opens a database file of the embedded engine in which rows land, and steps are done, before a destination of another kind
// takes them.
using OpenStore = std::function<std::unique_ptr<Destination>(const std::filesystem::path&, Access, const Context&)>;

// What a load wants of a destination.
struct LoadWish {
  Strategy strategy;
  bool many_tables;  // by one command
  bool replaces;     // old rows of the target go
  bool partitioned;  // files are to be kept apart by values
};

struct Connector {
  std::vector<std::string> schemes;  // lower case, the main one first
  std::string title;                 // "Attio"
  std::string example_uri;
  std::vector<Parameter> parameters;
  bool takes_any_parameter = false;  // what is behind the "?" is not for the connector but for whom it asks
  bool reads_windows = false;       // as a source it heeds SourceOptions::window_column
  bool finds_primary_keys = false;  // its tables may declare theirs, so a merge can do without --primary-key
  // The file of the embedded engine that a URI names. Throws Error(usage) when it names none. Empty: it is no such file.
  std::function<std::filesystem::path(const Uri&)> engine_file;
  // Empty when it cannot be one. They check the URI (Error(usage)) and make no request; a
  // destination opens its file, to look only if it is there.
  std::function<std::unique_ptr<Source>(const Uri&, const SourceOptions&, const Context&)>
      open_source;
  std::function<std::unique_ptr<Destination>(const Uri&, Access, const Context&)> open_destination;
  // Throws Error(unsupported), before anything is opened, for what the destination cannot do. Empty: it can do all, but
  // has no files that could be kept apart.
  std::function<void(const Uri&, const LoadWish&)> check_load;
};

// Throws Error(usage) for a parameter of `uri` that the connector does not declare or that is given
// twice, with the declared names. Never repeats what may be a secret.
void check_parameters(const Connector& connector, const Uri& uri);

}  // namespace ingestr
