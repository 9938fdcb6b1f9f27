#include "sources/files/kind.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "duck/bytes.h"
#include "duck/text.h"
#include "sources/files/avro_container.h"
#include "sources/files/avro_schema.h"
#include "sources/files/csv_format.h"
#include "sources/files/excel_format.h"
#include "sources/files/json_format.h"
#include "sources/files/parquet_schema.h"
#include "sources/files/partition_names.h"
#include "sources/files/text_table.h"
#include "sources/files/typed_table.h"

namespace ingestr::files {
namespace {

struct Word {
  const char* written;
  const char* meant;
};

constexpr Word kDelimiters[] = {
    {"tab", "\t"}, {"\\t", "\t"}, {"comma", ","}, {"semicolon", ";"}, {"pipe", "|"}, {"space", " "},
};

// In lower case, and as DuckDB has it.
constexpr Word kEncodings[] = {
    {"utf-8", "utf-8"},     {"utf8", "utf-8"},     {"utf-8-sig", "utf-8"},    {"ascii", "utf-8"},
    {"latin-1", "latin-1"}, {"latin1", "latin-1"}, {"iso-8859-1", "latin-1"}, {"iso8859-1", "latin-1"},
    {"utf-16", "utf-16"},   {"utf16", "utf-16"},   {"utf-16-le", "utf-16"},   {"utf-16le", "utf-16"},
};

// Empty: to be detected.
std::string delimiter_of(const Uri& uri, std::string_view name) {
  const std::string text = uri.parameter("delimiter").value_or(name == "tsv" ? "tab" : "");
  for (const Word& word : kDelimiters) {
    if (text == word.written) return word.meant;
  }
  if (text.size() > 4 || text.find_first_of(std::string_view("\"\r\n\0", 4)) != std::string::npos) {
    throw Error(ErrorKind::usage,
                "delimiter in --source-uri must be a letter or two, as in ?delimiter=%3B, or tab, comma, semicolon, pipe or "
                "space; no quote and no line end");
  }
  return text;
}

std::string encoding_of(const Uri& uri) {
  const std::string wanted = to_lower(uri.parameter("encoding").value_or("utf-8"));
  for (const Word& word : kEncodings) {
    if (wanted == word.written) return word.meant;
  }
  throw Error(ErrorKind::unsupported,
              fmt::format("--source-uri has the encoding \"{}\", which cannot be read; those that can are utf-8, latin-1 and "
                          "utf-16 (little-endian)",
                          shorten(wanted, 30)));
}

// Text whose rows are read as `make_format` says.
template <class MakeFormat>
MakeTable text_tables(std::string encoding, MakeFormat make_format) {
  return [=](std::string name, FindFiles find, std::stop_token stop) -> std::unique_ptr<Table> {
    const auto find_encoded = [find = std::move(find), encoding] {
      Files files = find();
      files.encoding = encoding;
      return files;
    };
    return std::make_unique<TextTable>(std::move(name), find_encoded, make_format(stop), stop);
  };
}

MakeTable csv(const Uri& uri, std::string_view name, const Surroundings& around) {
  return text_tables(encoding_of(uri), [delimiter = delimiter_of(uri, name), temporary = around.temporary](const std::stop_token& stop) {
    return std::make_unique<CsvFormat>(delimiter, temporary, stop);
  });
}

MakeTable json_lines(const Uri& uri, std::string_view, const Surroundings&) {
  return text_tables(encoding_of(uri), [](const std::stop_token&) { return std::make_unique<JsonFormat>(JsonLayout::lines); });
}

MakeTable json(const Uri&, std::string_view, const Surroundings&) {
  return text_tables("utf-8", [](const std::stop_token&) { return std::make_unique<JsonFormat>(JsonLayout::document); });
}

MakeTable typed_tables(Reader reader) {
  return [=](std::string name, FindFiles find, std::stop_token stop) -> std::unique_ptr<Table> {
    return std::make_unique<TypedTable>(std::move(name), std::move(find), reader, std::move(stop));
  };
}

MakeTable parquet(const Uri&, std::string_view, const Surroundings& around) {
  return typed_tables({.relation = [](duck::Connection&, const Files& files, const std::vector<std::string>& partitions) {
                         return fmt::format("read_parquet({}, {})", files.sql(), partition_options(partitions));
                       },
                       .names = parquet_columns,
                       .look = [around](duck::Connection& connection, const Files& files, const std::stop_token&) -> std::optional<uint64_t> {
                         if (around.is_written_anew) check_carried(connection, files);
                         check_parquet(connection, files, around.log);
                         return std::nullopt;
                       }});
}

std::string avro_columns_of(duck::Connection& connection, const Files& files) {
  duck::FileBytes file(connection, files.paths.front());
  return avro_columns(avro_head(file).schema);
}

MakeTable avro(const Uri&, std::string_view, const Surroundings&) {
  return typed_tables({.extension = duck::Extension::avro,
                       .relation = [](duck::Connection& connection, const Files& files, const std::vector<std::string>&) {
                         return fmt::format("(SELECT {} FROM read_avro({}))", avro_columns_of(connection, files), files.sql());
                       },
                       .look = avro_rows,
                       .takes_many = false,
                       .functions = {avro_decimal_function()}});
}

MakeTable xlsx(const Uri& uri, std::string_view, const Surroundings& around) {
  return [sheet = uri.parameter("sheet"), temporary = around.temporary](std::string name, FindFiles find, std::stop_token stop) -> std::unique_ptr<Table> {
    return std::make_unique<TextTable>(std::move(name), std::move(find), std::make_unique<ExcelFormat>(sheet, temporary, stop), stop);
  };
}

}  // namespace

std::vector<Kind> kinds() {
  const Parameter delimiter = {
      .name = "delimiter",
      .description = "what stands between fields; tab, comma, semicolon, pipe and space are known by name",
      .default_text = "found out"};
  const Parameter encoding = {.name = "encoding", .description = "utf-8, latin-1 or utf-16", .default_text = "utf-8"};
  const Parameter sheet = {.name = "sheet", .description = "the sheet to read", .default_text = "the first one"};
  return {
      {{"csv", "tsv"}, "CSV", {delimiter, encoding}, csv},
      {{"jsonl", "ndjson"}, "JSON Lines", {encoding}, json_lines},
      {{"json"}, "JSON", {}, json},
      {{"parquet"}, "Parquet", {}, parquet},
      {{"avro"}, "Avro", {}, avro},
      {{"xlsx"}, "Excel", {sheet}, xlsx},
  };
}

std::string kind_name_of(std::string_view file) {
  std::string name = to_lower(file.substr(file.rfind('/') + 1));
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (name.ends_with(packed)) name = name.substr(0, name.size() - packed.size());
  }
  const size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(dot + 1);
}

}  // namespace ingestr::files
