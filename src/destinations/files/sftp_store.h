// SftpStore: a directory of an SFTP server, which files are put into.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/uri.h"
#include "destinations/files/outlet.h"
#include "engine/context.h"
#include "engine/remote_place.h"
#include "sftp/client.h"

namespace ingestr::file_output {

// What the URI alone says. Throws Error(usage) for one that names no server, or no file on it.
OutletFacts sftp_facts(const Uri& uri);

// One thread at a time. `context` outlives it. What it throws is as sftp::Session has it.
class SftpStore {
 public:
  // Throws what sftp_facts() throws. Asks nobody.
  SftpStore(const RemotePlace& place, const Uri& uri, const Context& context);

  // What the URI names on the server; ends with "/" for a directory.
  const std::string& key() const { return key_; }
  // Logs in, so that who may not is told before rows are read, and looks whether what the URI names can be a file, or a directory.
  void prepare() const;
  // Whether there is a file of that name, with something in it.
  bool has(const std::string& key) const;
  // All that there is in a directory, without the directory's name; none where there is no such directory. What is no file ends with "/",
  // but for directories of partitions, whose files are named instead. What runs work in is left out.
  std::vector<std::string> list(const std::string& directory) const;
  // Whether it was there or not, and the directories of partitions that are empty then. Also when the user has asked to stop.
  void remove(const std::string& key) const;
  // Puts a file there, with the directories above it; a reader sees the old one or the whole new one. It is written beside, under a name
  // that begins with a dot, which is removed when that fails; what runs that were killed have left there, and have not written to for
  // ten minutes, goes as well, where that may be looked for and removed. What is behind a symbolic link is replaced there.
  void put(const std::filesystem::path& file, const std::string& key) const;

 private:
  void collect(const std::string& directory, const std::string& prefix, std::vector<std::string>& names) const;
  void remove_leftovers(const std::string& directory, const std::string& own) const;
  std::vector<std::string> make_directories(const std::string& directory) const;

  const Context& context_;
  std::string name_, key_;
  std::unique_ptr<sftp::Client> client_;         // stops when the user asks
  std::unique_ptr<sftp::Client> ending_client_;  // does not
};

}  // namespace ingestr::file_output
