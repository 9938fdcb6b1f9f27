#include "sources/files/csv.h"

#include <fmt/format.h>

#include "base/error.h"
#include "sources/files/csv_format.h"
#include "sources/files/file_source.h"
#include "sources/files/file_table.h"

namespace ingestr {
namespace {

struct NamedDelimiter {
  const char* name;
  const char* text;
};

constexpr NamedDelimiter kNamed[] = {
    {"tab", "\t"}, {"\\t", "\t"}, {"comma", ","}, {"semicolon", ";"}, {"pipe", "|"}, {"space", " "},
};

// Empty: to be detected.
std::string delimiter_of(const Uri& uri) {
  const std::string text = uri.parameter("delimiter").value_or(uri.scheme == "tsv" ? "tab" : "");
  for (const NamedDelimiter& named : kNamed) {
    if (text == named.name) return named.text;
  }
  if (text.size() > 4 || text.find_first_of(std::string_view("\"\r\n\0", 4)) != std::string::npos) {
    throw Error(ErrorKind::usage,
                "delimiter in --source-uri must be a letter or two, as in ?delimiter=%3B, or tab, comma, semicolon, pipe or "
                "space; no quote and no line end");
  }
  return text;
}

std::unique_ptr<Source> open_source(const Uri& uri, const SourceOptions&, const Context& context) {
  check_parameters(csv_connector(), uri);
  const std::string delimiter = delimiter_of(uri);
  const files::File file = files::open_file(uri);
  return files::make_file_source(file, [file, delimiter, stop = context.stop](std::string name) {
    return std::make_unique<files::FileTable>(std::move(name), file, std::make_unique<files::CsvFormat>(file, delimiter), stop);
  });
}

}  // namespace

Connector csv_connector() {
  Connector connector;
  connector.schemes = {"csv", "tsv"};
  connector.title = "CSV";
  connector.example_uri = "csv://orders.csv";
  connector.parameters = {
      {.name = "delimiter",
       .description = "what stands between fields; tab, comma, semicolon, pipe and space are known by name",
       .default_text = "found out"},
      {.name = "encoding", .description = "utf-8, latin-1 or utf-16", .default_text = "utf-8"},
  };
  connector.open_source = open_source;
  return connector;
}

}  // namespace ingestr
