#include "sources/files/sftp_files.h"

#include <fmt/format.h>

#include <filesystem>
#include <random>

#include "base/error.h"
#include "base/fetched.h"
#include "base/nameless_file.h"
#include "base/text.h"
#include "base/work_directory.h"

namespace ingestr::files {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMemoryDirectory = "/dev/shm";

// A file's name says whether it is compressed and which partition it is, so files that have none get links to them that are called as the
// files there are; a run that is killed leaves nothing but these, which the next one removes.
class FetchedFiles {
 public:
  FetchedFiles(const std::string& links, std::string directory) : directory_(std::move(directory)), links_(made_in(links)) {}

  // The path by which the engine reads it.
  std::string add(sftp::Client& client, const File& file) {
    NamelessFile& copy = *files_.emplace_back(std::make_unique<NamelessFile>(directory_));
    client.fetch(file, [&](std::string_view bytes) {
      bytes_ += bytes.size();
      if (directory_.empty()) within(client.shown(file.path), [&] { check_kept_in_memory(bytes_); });
      copy.write(bytes.data(), bytes.size());
    });
    const fs::path link = links_.path() / link_of(client.shown(file.path));
    std::error_code error;
    fs::create_directories(link.parent_path(), error);
    if (!error) fs::create_symlink(copy.path(), link, error);
    if (error) fail_in_work(link, "cannot be made", error.value());
    return link.string();
  }

  uint64_t bytes() const { return bytes_; }

 private:
  static fs::path made_in(const std::string& parent) {
    remove_dead_runs(parent, kFetchedPrefix);
    return fmt::format("{}/{}{:06x}", parent, kFetchedPrefix, std::random_device()() & 0xFFFFFF);
  }

  // "sftp/host/data/x.csv"; never above the directory that it is in.
  static fs::path link_of(const std::string& shown) {
    fs::path path = "sftp";
    for (const std::string& part : split(shown.substr(shown.find("://") + 3), '/')) {
      if (!part.empty() && part != ".") path /= part == ".." ? "__" : part;
    }
    return path;
  }

  std::string directory_;
  WorkDirectory links_;
  std::vector<std::unique_ptr<NamelessFile>> files_;
  uint64_t bytes_ = 0;
};

// All but where they are.
Files described(const sftp::Client& client, const Pattern& pattern, const std::vector<File>& found) {
  const std::string path = sftp::server_path(pattern.path());
  Files files;
  files.name = client.shown(path);
  files.is_pattern = pattern.has_stars() && (found.size() > 1 || found[0].path != path);
  return files;
}

// Links are names, and names of directories may be values.
std::string place_of_links(const std::string& temporary, bool in_memory) {
  std::error_code ignored;
  return in_memory && fs::is_directory(kMemoryDirectory, ignored) ? kMemoryDirectory : temporary;
}

std::string path_of(const Uri& uri) {
  const std::string_view rest = uri.rest;
  const size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return "";
  return std::string(rest.substr(slash));
}

}  // namespace

SftpFiles::SftpFiles(const RemotePlace& place, const Uri& uri, const SourceOptions& options, const Context& context)
    : path_(path_of(uri)), below_(Pattern::encoded(std::string_view(path_).substr(0, path_.find('#')))),
      client_(std::make_shared<sftp::Client>(sftp::place_of(place, uri, context), context, context.stop)) {
  const std::string temporary = context.environment.get("TMPDIR").value_or("/tmp");
  if (!options.keep_private) directory_ = temporary;
  links_ = place_of_links(temporary, options.keep_private);
}

Pattern SftpFiles::pattern(std::string_view table) const {
  return names_file() ? below_ : below_.below(Pattern::written(table));
}

FindFiles SftpFiles::look(std::string_view table) const {
  return [client = client_, pattern = pattern(table)] {
    const std::vector<File> found = client->files(pattern);
    Files files = described(*client, pattern, found);
    for (const File& file : found) {
      files.paths.push_back(client->shown(file.path));
      files.bytes += file.bytes;
    }
    return files;
  };
}

FindFiles SftpFiles::find(std::string_view table) const {
  return [client = client_, pattern = pattern(table), links = links_, directory = directory_] {
    const std::vector<File> found = client->files(pattern);
    Files files = described(*client, pattern, found);
    const auto fetched = std::make_shared<FetchedFiles>(links, directory);
    for (const File& file : found) files.paths.push_back(fetched->add(*client, file));
    client->let_go();
    files.bytes = fetched->bytes();
    files.held = fetched;
    return files;
  };
}

std::vector<std::string> SftpFiles::list() const {
  const std::string base = sftp::server_path(below_.path());
  std::vector<std::string> names;
  for (const File& file : client_->files(pattern("**"))) {
    names.push_back(file.path.starts_with(base) ? file.path.substr(base.size()) : file.path);
  }
  return names;
}

}  // namespace ingestr::files
