// Files of this machine.
#pragma once

#include <string>

#include "base/uri.h"
#include "sources/files/files.h"

namespace ingestr::files {

// csv://rel.csv, csv://data/rel.csv and csv:///abs.csv; percent-encoded bytes are decoded. A "*" that is written as such stands for
// any part of a name, "**" for any directories, unless a file has just that name; names that begin with a dot are passed over.
// Throws Error, before a byte is read: usage for a URI that names no file or a directory; not_found, auth, unsupported.
Files local_files(const Uri& uri);

}  // namespace ingestr::files
