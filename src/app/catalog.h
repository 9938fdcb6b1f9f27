// The list of all connectors, and how they are found.
#pragma once

#include <string>
#include <vector>

#include "base/uri.h"
#include "engine/connector.h"

namespace ingestr {

class Catalog {
 public:
  explicit Catalog(std::vector<Connector> connectors) : connectors_(std::move(connectors)) {}

  const std::vector<Connector>& all() const { return connectors_; }

  // The connector that reads from, or writes to, a URI of this scheme. Throws Error(usage) naming
  // the scheme and the known ones. The reference lives as long as the catalog.
  const Connector& source(const Uri& uri) const;
  const Connector& destination(const Uri& uri) const;

  // What connectors declare as secret: names of URI parameters, and environment variables behind
  // them.
  std::vector<std::string> secret_parameters() const;
  std::vector<std::string> secret_variables() const;

 private:
  std::vector<Connector> connectors_;
};

// Every connector of this program. A new one gets its line in catalog.cc.
Catalog all_connectors();

// What `ingestr example-uris` prints.
std::string example_uris_text(const Catalog& catalog);

}  // namespace ingestr
