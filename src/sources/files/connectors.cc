#include "sources/files/connectors.h"

#include <fmt/format.h>

#include "sources/files/file_source.h"
#include "sources/files/kind.h"
#include "sources/files/local_files.h"

namespace ingestr {
namespace {

Connector connector_of(const files::Kind& kind) {
  Connector connector;
  connector.schemes = kind.names;
  connector.title = kind.title;
  connector.example_uri = fmt::format("{0}://orders.{0}", kind.names.front());
  connector.parameters = kind.parameters;
  connector.open_source = [kind](const Uri& uri, const SourceOptions&, const Context& context) {
    const files::MakeTable make_table = kind.open(uri, uri.scheme);
    const files::Files found = files::local_files(uri);
    return files::make_file_source(found.name, [found] { return found; }, make_table, context.stop);
  };
  return connector;
}

}  // namespace

std::vector<Connector> file_connectors() {
  std::vector<Connector> connectors;
  for (const files::Kind& kind : files::kinds()) connectors.push_back(connector_of(kind));
  return connectors;
}

}  // namespace ingestr
