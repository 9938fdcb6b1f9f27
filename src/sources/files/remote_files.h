// Files of a place that is reached over a network.
#pragma once

#include <string>

#include "base/uri.h"
#include "engine/context.h"
#include "engine/remote_place.h"
#include "sources/files/files.h"

namespace ingestr::files {

// Where a file or a pattern lies: what stands behind the scheme, on web servers percent-encoded as it was written.
struct RemotePath {
  std::string text;  // "bucket/2026/*/x.csv", "host:80/x.csv?a=b"
  std::string glob;  // the same as the engine has patterns; empty: it is none
  std::string name;  // what people call it, with the scheme and without what may be a key: "s3://bucket/2026/*/x.csv"
};

// Of a URI, or, where that names a bucket or a directory only, of the URI and a table's name.
RemotePath remote_path(const Uri& uri, std::string_view table);
// Whether the URI says which file it is.
bool names_file(const Uri& uri);

// Finds the files at a place, when it is called; the credentials are looked up at once. `context` outlives it.
FindFiles remote_files(const RemotePlace& place, const Uri& uri, const RemotePath& path, const Context& context);

}  // namespace ingestr::files
