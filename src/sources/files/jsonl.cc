#include "sources/files/jsonl.h"

#include "sources/files/file_source.h"
#include "sources/files/file_table.h"
#include "sources/files/jsonl_format.h"

namespace ingestr {
namespace {

std::unique_ptr<Source> open_source(const Uri& uri, const SourceOptions&, const Context& context) {
  check_parameters(jsonl_connector(), uri);
  const files::File file = files::open_file(uri);
  return files::make_file_source(file, [file, stop = context.stop](std::string name) {
    return std::make_unique<files::FileTable>(std::move(name), file, std::make_unique<files::JsonlFormat>(file), stop);
  });
}

}  // namespace

Connector jsonl_connector() {
  Connector connector;
  connector.schemes = {"jsonl", "ndjson"};
  connector.title = "JSON Lines";
  connector.example_uri = "jsonl://orders.jsonl";
  connector.parameters = {
      {.name = "encoding", .description = "utf-8, latin-1 or utf-16", .default_text = "utf-8"},
  };
  connector.open_source = open_source;
  return connector;
}

}  // namespace ingestr
