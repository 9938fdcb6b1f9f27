// Files of an SFTP server. The embedded engine does not reach them, and reads files more than once, so they are fetched.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/uri.h"
#include "engine/connector.h"
#include "engine/context.h"
#include "engine/remote_place.h"
#include "sftp/client.h"
#include "sources/files/files.h"

namespace ingestr::files {

// Cheap to copy: copies share a connection, which is made when one of them asks for something. One thread at a time.
class SftpFiles {
 public:
  // Throws Error(usage) for a URI that names no server. Asks nobody. `context` outlives it.
  SftpFiles(const RemotePlace& place, const Uri& uri, const SourceOptions& options, const Context& context);

  // What the URI has behind the host, percent-encoded.
  const std::string& path() const { return path_; }
  // Whether the URI says which file it is, and not only a directory or a server.
  bool names_file() const { return !below_.ends_with_slash(); }
  std::string name() const { return client_->shown(sftp::server_path(below_.path())); }

  // Fetches the files that the URI and, where it names none, the path `table` stand for: into files without names in TMPDIR, or into
  // memory where nothing unmasked may reach the disk (SourceOptions::keep_private), and more than 256 MB are refused.
  FindFiles find(std::string_view table) const;
  // Only looks what there is.
  FindFiles look(std::string_view table) const;
  // The paths of all files below the directory.
  std::vector<std::string> list() const;

 private:
  Pattern pattern(std::string_view table) const;

  std::string path_;
  Pattern below_;
  std::string directory_;  // for what is fetched; empty: memory
  std::string links_;      // for the names of it
  std::shared_ptr<sftp::Client> client_;
};

}  // namespace ingestr::files
