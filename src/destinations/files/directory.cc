#include "destinations/files/directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/permissions.h"

namespace ingestr::file_output {
namespace fs = std::filesystem;
namespace {

// A directory that is no partition, and anything else that is no file, is named with a "/" behind it, which no file of ours has.
void collect(const fs::path& directory, const std::string& prefix, std::vector<std::string>& names) {
  std::error_code error;
  for (fs::directory_iterator entry(directory, error); entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (prefix.empty() && name == Workplace::kInDirectory) continue;
    const fs::file_type type = entry->symlink_status().type();
    if (type == fs::file_type::directory && name.find('=') != std::string::npos) {
      collect(entry->path(), prefix + name + "/", names);
    } else {
      names.push_back(prefix + name + (type == fs::file_type::regular ? "" : "/"));
    }
  }
  if (error) throw Error(ErrorKind::auth, fmt::format("{} cannot be read ({})", directory.string(), error.message()));
}

void make_directories(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw Error(ErrorKind::unavailable, fmt::format("{} cannot be made ({})", directory.string(), error.message()));
}

// Nobody else sees what is in it until it has the mode of another one.
void make_private(const fs::path& directory) {
  if (::mkdir(directory.c_str(), 0700) == 0) return;
  if (errno == EEXIST) fail_in_the_way(directory);
  fail_in_work(directory, "cannot be made", errno);
}

void add_files(const fs::path& directory, Workplace& workplace, const std::vector<Finished>& files) {
  std::vector<fs::path> done;
  try {
    for (const Finished& file : files) {
      const fs::path place = directory / file.name;
      make_directories(place.parent_path());
      workplace.publish(file.path, place);
      done.push_back(place);
    }
  } catch (...) {
    std::error_code ignored;
    for (const fs::path& place : done) fs::remove(place, ignored);
    throw;
  }
}

// So that they are in two directories until the old one goes.
void link_all(const fs::path& from, const fs::path& to, const std::vector<RunFile>& files) {
  for (const RunFile& file : files) {
    std::error_code error;
    make_directories((to / file.name).parent_path());
    fs::create_hard_link(from / file.name, to / file.name, error);
    if (error) throw Error(ErrorKind::unsupported, fmt::format("{} cannot be kept beside what is replaced ({}); name a directory of its own for "
                                                               "each table",
                                                               (from / file.name).string(), error.message()));
  }
}

[[noreturn]] void fail_to_swap(const fs::path& directory, int error) {
  throw Error(error == EACCES || error == EPERM ? ErrorKind::auth : ErrorKind::unsupported,
              fmt::format("{} cannot be replaced at once ({}): it is where something is mounted, or its file system has no such thing; add files with "
                          "--incremental-strategy append, or name a directory below it",
                          directory.string(), std::strerror(error)));
}

bool is_mounted(const fs::path& directory) {
  struct statx mine{};
  const bool knows = ::statx(AT_FDCWD, directory.c_str(), 0, 0, &mine) == 0 && (mine.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0;
  if (knows) return (mine.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  struct stat own{}, above{};  // a system before Linux 5.8
  return ::stat(directory.c_str(), &own) == 0 && ::stat(directory.parent_path().c_str(), &above) == 0 && own.st_dev != above.st_dev;
}

fs::path fresh_beside(const fs::path& directory) {
  fs::path fresh = directory;
  return fresh += Workplace::kInDirectory;
}

// `<directory>.ingestr.tmp` takes the place of the directory, and goes as the old one.
void swap_directory(const fs::path& directory, Workplace& workplace, const std::vector<Finished>& files, const std::vector<RunFile>& kept) {
  if (is_mounted(directory)) fail_to_swap(directory, EXDEV);
  const fs::path fresh = fresh_beside(directory);
  if (!remove_if_unused(fresh)) {
    throw Error(ErrorKind::conflict, fmt::format("another run is writing there, it works in {}; wait until it has ended", fresh.string()));
  }
  make_private(fresh);
  std::error_code ignored;
  try {
    add_files(fresh, workplace, files);
    link_all(directory, fresh, kept);
    Permissions(directory).give(fresh);
    if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, directory.c_str(), RENAME_EXCHANGE) != 0) fail_to_swap(directory, errno);
  } catch (...) {
    fs::remove_all(fresh, ignored);
    throw;
  }
  sync(directory.parent_path());
  fs::remove_all(fresh, ignored);
}

}  // namespace

std::vector<RunFile> run_files_of(const fs::path& directory) {
  std::vector<std::string> names;
  if (fs::exists(directory)) collect(directory, "", names);
  return run_files(names, directory.string());
}

void publish_into(const fs::path& directory, Workplace& workplace, const std::vector<Finished>& files, const std::set<std::string>& replaced) {
  std::vector<RunFile> kept = replaced.empty() ? std::vector<RunFile>() : run_files_of(directory);
  const size_t there = kept.size();
  std::erase_if(kept, [&](const RunFile& file) { return replaced.contains(file.table); });
  if (kept.size() == there) {
    remove_if_unused(fresh_beside(directory));  // a killed run's
    return add_files(directory, workplace, files);
  }
  swap_directory(directory, workplace, files, kept);
}

}  // namespace ingestr::file_output
