// Place: what an sftp:// URI and the environment say of a server and of who asks it.
#pragma once

#include <string>

#include "base/authority.h"
#include "base/uri.h"
#include "engine/context.h"
#include "engine/remote_place.h"

namespace ingestr::sftp {

struct Place {
  Authority who;                 // the user is never empty
  std::string path;              // percent-encoded as written; "" where the URI ends behind the host
  std::string identity_file;     // of a private key; empty: none is named
  std::string passphrase;        // of it
  std::string known_hosts;       // a file
  std::string host_fingerprint;  // "SHA256:…" of the host's key, which then counts and not the file; empty: none
  std::string ssh_directory;     // "~/.ssh"; empty: nobody knows
};

// sftp://user:password@host:port/path?parameters. Secrets are made known to those of `context`. Throws Error(usage). Asks nobody.
Place place_of(const RemotePlace& parameters, const Uri& uri, const Context& context);

// Who asks which server, by the URI alone. Throws Error(usage).
Authority authority_of(const Uri& uri, Secrets& secrets);

// The path as the server has it: "/~/x" of a URI, and "x" of a table behind a URI without a path, are below the directory that a
// login begins in.
std::string server_path(std::string_view decoded);
// The directory that a path is in; "." is the one that a login begins in.
std::string directory_of(const std::string& path);

// "sftp://host/data/x.csv": what people may see of a file, in UTF-8.
std::string shown(const Authority& who, std::string_view path);

}  // namespace ingestr::sftp
