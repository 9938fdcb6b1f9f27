#include "sources/files/connectors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "engine/remote_place.h"
#include "sources/files/file_source.h"
#include "sources/files/kind.h"
#include "sources/files/local_files.h"
#include "sources/files/remote_files.h"
#include "sources/files/remote_source.h"
#include "sources/files/sftp_files.h"
#include "sources/files/standard_input.h"

namespace ingestr {
namespace {

using namespace files;

Surroundings surroundings(const SourceOptions& options, const Context& context) {
  return {options.keep_private ? "" : context.environment.get("TMPDIR").value_or("/tmp"), context.log, options.is_written_anew};
}

Connector connector_of(const Kind& kind) {
  Connector connector;
  connector.schemes = kind.names;
  connector.title = kind.title;
  connector.example_uri = fmt::format("{0}://orders.{0}", kind.names.front());
  connector.parameters = kind.parameters;
  connector.open_source = [kind](const Uri& uri, const SourceOptions& options, const Context& context) {
    const MakeTable make_table = kind.open(uri, uri.scheme, surroundings(options, context));
    if (uri.rest == "-") return make_file_source("standard input", standard_input(options, context), make_table, context.stop);
    const Files found = local_files(uri);
    return make_file_source(found.name, [found] { return found; }, make_table, context.stop);
  };
  return connector;
}

// How a file is to be read: by what the user says, as format=csv or behind "#", else by the end of its name.
MakeTable table_maker(const Uri& uri, std::string_view said, std::string_view file, const Surroundings& around) {
  const auto [kind, name] = [&] {
    const std::string wanted = said.empty() ? kind_name_of(file) : to_lower(said);
    for (const Kind& each : kinds()) {
      if (std::ranges::find(each.names, wanted) != each.names.end()) return std::pair(each, wanted);
    }
    std::vector<std::string> known;
    for (const Kind& each : kinds()) known.insert(known.end(), each.names.begin(), each.names.end());
    throw Error(ErrorKind::usage,
                fmt::format("nothing says which kind of file it is; end its name as one of {}, or the URI with # and one of them, as "
                            "in {}://…#csv",
                            fmt::join(known, ", "), uri.scheme));
  }();
  return kind.open(uri, name, around);
}

std::string_view fragment(std::string_view text) {
  const size_t mark = text.find('#');
  return mark == std::string_view::npos ? "" : text.substr(mark + 1);
}

// What says the kind, of those that may; empty: nothing does.
std::string said_kind(const Uri& uri, std::string_view table) {
  for (const std::string& word : {std::string(fragment(uri.rest)), std::string(fragment(uri.query)), std::string(fragment(table)),
                                  ingestr::said_kind(uri)}) {
    if (!word.empty()) return word.substr(0, word.find('#'));
  }
  return "";
}

// The query of a web address is the server's, so that nothing in it is a parameter of ours, except to tell the kind.
std::string said_kind_of_web(const Uri& uri, std::string_view path) {
  std::string said = said_kind(uri, "");
  const bool is_ours = std::ranges::any_of(kinds(), [&](const Kind& kind) { return std::ranges::find(kind.names, said) != kind.names.end(); });
  const bool by_name = std::ranges::any_of(
      kinds(), [&](const Kind& kind) { return std::ranges::find(kind.names, kind_name_of(path)) != kind.names.end(); });
  return is_ours || !by_name ? said : "";
}

std::unique_ptr<Source> open_web(const RemotePlace& place, const Uri& uri, const SourceOptions& options, const Context& context) {
  const RemotePath path = remote_path(uri, "");
  const MakeTable make_table = table_maker(Uri{uri.scheme, uri.rest, {}, {}}, said_kind_of_web(uri, path.name), path.name,
                                           surroundings(options, context));
  return make_file_source(path.name, remote_files(place, uri, path, context), make_table, context.stop);
}

std::vector<std::string> listed(const FindFiles& find, const std::string& below) {
  std::vector<std::string> names;
  for (const std::string& path : find().paths) names.push_back(path.starts_with(below) ? path.substr(below.size()) : path);
  return names;
}

std::unique_ptr<Source> open_store(const RemotePlace& place, const Uri& uri, const SourceOptions& options, const Context& context) {
  check_no_keys(place, uri);
  const Surroundings around = surroundings(options, context);
  if (names_file(uri)) {
    const RemotePath path = remote_path(uri, "");
    return make_file_source(path.name, remote_files(place, uri, path, context), table_maker(uri, said_kind(uri, ""), path.text, around),
                            context.stop);
  }
  const RemotePath everything = remote_path(uri, "**");
  const std::string below = fmt::format("{}://{}", place.engine_scheme, everything.text.substr(0, everything.text.size() - 2));
  return make_remote_source(
      {.table_of =
           [place, uri, around, &context](std::string_view table) {
             const RemotePath path = remote_path(uri, table);
             return table_maker(uri, said_kind(uri, table), path.text, around)(std::string(table), remote_files(place, uri, path, context),
                                                                                  context.stop);
           },
       .list = [find = remote_files(place, uri, everything, context), below] { return listed(find, below); },
       .name = fmt::format("{}://{}", uri.scheme, uri.rest)});
}

std::unique_ptr<Source> open_sftp(const RemotePlace& place, const Uri& uri, const SourceOptions& options, const Context& context) {
  const SftpFiles server(place, uri, options, context);
  const Surroundings around = surroundings(options, context);
  const Uri path{uri.scheme, server.path(), uri.parameters, uri.query};  // a password may hold a "#"
  if (server.names_file()) {
    return make_file_source(server.name(), server.find(""), table_maker(path, said_kind(path, ""), server.name(), around),
                            context.stop, server.look(""));
  }
  return make_remote_source({.table_of =
                                 [server, path, around, stop = context.stop](std::string_view table) {
                                   const std::string_view file = table.substr(0, table.find('#'));
                                   return table_maker(path, said_kind(path, table), file, around)(std::string(table), server.find(file), stop);
                                 },
                             .list = [server] { return server.list(); },
                             .name = server.name()});
}

Connector connector_of(const RemotePlace& place) {
  Connector connector;
  connector.schemes = place.schemes;
  connector.title = fmt::format("Files at {}", place.title);
  const bool is_web = !place.has_patterns;
  connector.example_uri = fmt::format("{}://{}/orders.parquet", place.schemes.front(), is_web ? "example.com" : "bucket");
  connector.takes_any_parameter = is_web;
  if (!is_web) {
    connector.parameters = place.parameters;
    std::ranges::move(kind_parameters(), std::back_inserter(connector.parameters));
    for (const Kind& kind : kinds()) {
      for (const Parameter& parameter : kind.parameters) {
        const auto same = std::ranges::find(connector.parameters, parameter.name, &Parameter::name);
        if (same == connector.parameters.end()) connector.parameters.push_back(parameter);
      }
    }
  }
  if (place.speaks_sftp()) connector.example_uri = "sftp://user:password@example.com:22/data/orders.parquet";
  connector.open_source = [place, is_web](const Uri& uri, const SourceOptions& options, const Context& context) {
    if (place.speaks_sftp()) return open_sftp(place, uri, options, context);
    return is_web ? open_web(place, uri, options, context) : open_store(place, uri, options, context);
  };
  return connector;
}

}  // namespace

std::vector<Connector> file_connectors() {
  std::vector<Connector> connectors;
  for (const Kind& kind : kinds()) connectors.push_back(connector_of(kind));
  for (const RemotePlace& place : remote_places()) connectors.push_back(connector_of(place));
  return connectors;
}

}  // namespace ingestr
