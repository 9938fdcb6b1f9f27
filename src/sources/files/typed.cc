#include "sources/files/typed.h"

#include <fmt/format.h>

#include "duck/text.h"
#include "sources/files/file_source.h"
#include "sources/files/typed_table.h"

namespace ingestr {
namespace {

using duck::Extension;

Connector connector_of(std::vector<std::string> schemes, std::string title, std::vector<Parameter> parameters,
                       std::function<files::Reader(const files::File&, const Uri&)> reader) {
  Connector connector;
  connector.example_uri = fmt::format("{0}://orders.{0}", schemes.front());
  connector.schemes = std::move(schemes);
  connector.title = std::move(title);
  connector.parameters = std::move(parameters);
  connector.open_source = [reader = std::move(reader)](const Uri& uri, const SourceOptions&, const Context& context) {
    const files::File file = files::open_file(uri);
    return files::make_file_source(file, [file, how = reader(file, uri), stop = context.stop](std::string name) {
      return std::make_unique<files::TypedTable>(std::move(name), file, how, stop);
    });
  };
  return connector;
}

files::Reader parquet(const files::File& file, const Uri&) {
  return {std::nullopt, fmt::format("read_parquet({})", file.sql())};
}

files::Reader avro(const files::File& file, const Uri&) {
  return {Extension::avro, fmt::format("read_avro({})", file.sql())};
}

files::Reader xlsx(const files::File& file, const Uri& uri) {
  const auto sheet = uri.parameter("sheet");
  return {Extension::excel, fmt::format("read_xlsx({}, header = true, empty_as_varchar = true{})",
                                        duck::quote_text(std::filesystem::absolute(file.path).string()),
                                        sheet ? ", sheet = " + duck::quote_text(*sheet) : "")};
}

}  // namespace

std::vector<Connector> typed_file_connectors() {
  return {
      connector_of({"parquet"}, "Parquet", {}, parquet),
      connector_of({"avro"}, "Avro", {}, avro),
      connector_of({"xlsx"}, "Excel", {{.name = "sheet", .description = "the sheet to read", .default_text = "the first one"}}, xlsx),
  };
}

}  // namespace ingestr
