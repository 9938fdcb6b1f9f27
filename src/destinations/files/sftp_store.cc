#include "destinations/files/sftp_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <regex>

#include "base/error.h"
#include "destinations/files/run_files.h"
#include "engine/remote_place.h"
#include "files/pattern.h"

namespace ingestr::file_output {
namespace {

namespace fs = std::filesystem;
using sftp::Entry;

constexpr std::string_view kTemporaryName = ".ingestr";
// A run that lives writes more often than that, or has given up (sftp/client.h).
constexpr int64_t kDeadAfterSeconds = 600;
// Whoever has asked to stop does not wait for long until what was begun is removed.
constexpr sftp::Patience kEndingPatience = {std::chrono::seconds(3), std::chrono::seconds(3)};

// Decoded, up to a "#".
std::string key_of(const Uri& uri) {
  const size_t slash = uri.rest.find('/');
  const std::string path = slash == std::string::npos ? "" : uri.rest.substr(slash);
  const std::string key = percent_decode(std::string_view(path).substr(0, path.find('#')));
  if (key.empty() || key == "/~" || key.find('\0') != std::string::npos) {
    throw Error(ErrorKind::usage, "--dest-uri names no file; write sftp://user:password@host/directory/file.parquet, or sftp://…/directory/");
  }
  const std::string file = sftp::server_path(key);
  return file == "." ? "./" : file;
}

// With .old behind it, it is what was there before, on a server that cannot replace a file at once.
bool is_temporary(const std::string& name) {
  static const std::regex kName(R"(\.ingestr-\d{8}T\d{12}Z-\d+\.tmp(\.old)?)");
  return std::regex_match(name, kName);
}

}  // namespace

OutletFacts sftp_facts(const Uri& uri) {
  const std::string key = key_of(uri);
  Secrets none;
  return {.name = sftp::shown(sftp::authority_of(uri, none), key), .is_directory = key.ends_with('/')};
}

SftpStore::SftpStore(const RemotePlace& place, const Uri& uri, const Context& context)
    : context_(context), name_(sftp_facts(uri).name), key_(key_of(uri)),
      client_(std::make_unique<sftp::Client>(sftp::place_of(place, uri, context), context, context.stop)),
      ending_client_(std::make_unique<sftp::Client>(client_->place(), context, std::stop_token(), kEndingPatience)) {}

void SftpStore::prepare() const {
  std::string path = key_;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  const std::optional<Entry> found = client_->find(path);
  if (found && key_.ends_with('/') && found->kind != Entry::Kind::directory) {
    throw Error(ErrorKind::usage, fmt::format("--dest-uri names {}: it is no directory; leave out the / at the end", name_));
  }
  if (found && !key_.ends_with('/') && found->kind != Entry::Kind::file) {
    throw Error(ErrorKind::usage, fmt::format("--dest-uri names {}: it is no file; end the URI with / to add a file to a directory", name_));
  }
  client_->let_go();  // rows may take hours to come
}

bool SftpStore::has(const std::string& key) const {
  const std::optional<Entry> found = client_->find(key);
  return found && found->bytes > 0;
}

std::vector<std::string> SftpStore::list(const std::string& directory) const {
  std::vector<std::string> names;
  std::string path = directory;
  if (path.size() > 1) path.pop_back();
  if (client_->find(path)) collect(path, "", names);
  return names;
}

void SftpStore::collect(const std::string& directory, const std::string& prefix, std::vector<std::string>& names) const {
  for (const Entry& entry : client_->list(directory)) {
    if (is_temporary(entry.name)) continue;
    if (entry.kind == Entry::Kind::directory && !entry.is_link && entry.name.find('=') != std::string::npos) {
      collect(files::path_in(directory, entry.name), prefix + entry.name + "/", names);
    } else {
      names.push_back(prefix + entry.name + (entry.kind == Entry::Kind::file && !entry.is_link ? "" : "/"));
    }
  }
}

void SftpStore::remove(const std::string& key) const {
  ending_client_->remove(key);
  for (std::string directory = sftp::directory_of(key); directory.size() > key_.size() && directory.starts_with(key_); directory = sftp::directory_of(directory)) {
    if (directory.substr(directory.rfind('/') + 1).find('=') == std::string::npos || !ending_client_->remove_empty_directory(directory)) return;
  }
}

std::vector<std::string> SftpStore::make_directories(const std::string& directory) const {
  std::vector<std::string> missing;
  for (std::string path = directory; path != "." && path != "/" && !client_->find(path); path = sftp::directory_of(path)) missing.push_back(path);
  std::ranges::reverse(missing);
  for (const std::string& path : missing) client_->make_directory(path);
  return missing;
}

// By the server's clock: a file that was just written says what it is. What is called .old may be all that is left of a file.
void SftpStore::remove_leftovers(const std::string& directory, const std::string& own) const {
  try {
    const std::vector<Entry> entries = client_->list(directory);
    const auto now = std::ranges::find(entries, own, &Entry::name);
    if (now == entries.end()) return;
    for (const Entry& entry : entries) {
      const bool is_dead = now->changed - entry.changed > kDeadAfterSeconds;
      if (is_dead && is_temporary(entry.name) && !entry.name.ends_with(".old")) client_->remove(files::path_in(directory, entry.name));
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::auth) throw;  // where all may write, not all may look, or remove what is another's
  }
}

void SftpStore::put(const fs::path& file, const std::string& key) const {
  const std::string name = fmt::format(".{}.tmp", run_name(kTemporaryName.substr(1), context_.clock.now(), ::getpid()));
  std::string temporary;
  std::vector<std::string> made;
  try {
    made = make_directories(sftp::directory_of(key));
    const std::string target = client_->target_of(key), directory = sftp::directory_of(target);
    temporary = files::path_in(directory, name);
    client_->put(file, target, temporary, [&] { remove_leftovers(directory, name); });
  } catch (...) {
    try {
      if (!temporary.empty()) ending_client_->remove(temporary);
      for (auto path = made.rbegin(); path != made.rend(); ++path) ending_client_->remove_empty_directory(*path);
      ending_client_->let_go();
    } catch (const Error&) {
      // A later run removes it.
    }
    throw;
  }
}

}  // namespace ingestr::file_output
