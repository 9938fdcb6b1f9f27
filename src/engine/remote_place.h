// RemotePlace: where files lie that are reached over a network: a web server, an object store, an SFTP server. Sources and destinations of
// files share them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/secrets.h"
#include "base/uri.h"
#include "duck/extension.h"
#include "engine/connector.h"

namespace ingestr {

struct RemotePlace {
  std::vector<std::string> schemes;    // of URIs, the main one first
  std::string_view title;
  std::string_view engine_scheme;      // of the same files in DuckDB; empty: it does not reach them, see sftp/client.h
  std::vector<Parameter> parameters;   // of its URIs
  // Names of parameters that come all from the URI or all from the environment: the keys of two owners do not go together.
  std::vector<std::vector<std::string_view>> together{};
  bool has_patterns = true;            // it can list its files
  bool takes_files = true;             // whole ones
  std::optional<duck::Extension> extension;  // that DuckDB needs for them
  // Statements for an engine that has the extension: the credentials of the URI or of the environment, as a secret of DuckDB
  // for what lies below `scope` ("s3://bucket"). `name` tells the secrets of an engine apart. Throws Error(usage) for half of
  // a pair.
  std::function<std::vector<std::string>(const Uri& uri, std::string_view name, std::string_view scope, const Environment&, Secrets&)>
      settings;

  // S3, and what speaks its language.
  bool speaks_s3() const { return engine_scheme == "s3" || engine_scheme == "gs"; }
  bool speaks_sftp() const { return engine_scheme.empty(); }
};

// All of them.
std::vector<RemotePlace> remote_places();

// Throws Error(usage) for keys that stand in front of the bucket, as in s3://KEY:SECRET@bucket; none of them is repeated.
void check_no_keys(const RemotePlace& place, const Uri& uri);

// The parameters by which a URI says which kind of file it means, and what they say there; empty: nothing.
std::vector<Parameter> kind_parameters();
std::string said_kind(const Uri& uri);

// The value of a parameter, or of the environment variable that stands for it, unless the URI has another one that it goes together with; a
// secret becomes known as one. Empty: neither.
std::string value_of(const RemotePlace& place, std::string_view parameter, const Uri& uri, const Environment&, Secrets&);

}  // namespace ingestr
