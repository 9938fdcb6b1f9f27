// What a session does to names.
#include <fmt/format.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include "sftp/session_wait.h"

namespace ingestr::sftp {
namespace {

constexpr const char* kPosixRename = "posix-rename@openssh.com";
constexpr uint32_t kPermissionBits = 07777;

}  // namespace

Entry Session::entry_of(const sftp_attributes_struct& attributes) {
  Entry entry;
  entry.name = attributes.name == nullptr ? "" : attributes.name;
  // A server that says nothing of permissions says no type, but what `ls -l` would.
  const bool looks_like_directory = attributes.longname != nullptr && attributes.longname[0] == 'd';
  const int type = attributes.type != 0 ? attributes.type : looks_like_directory ? SSH_FILEXFER_TYPE_DIRECTORY : SSH_FILEXFER_TYPE_REGULAR;
  entry.kind = type == SSH_FILEXFER_TYPE_REGULAR     ? Entry::Kind::file
               : type == SSH_FILEXFER_TYPE_DIRECTORY ? Entry::Kind::directory
                                                     : Entry::Kind::other;
  entry.bytes = attributes.size;
  entry.changed = attributes.mtime;
  entry.permissions = attributes.permissions & kPermissionBits;
  entry.is_link = attributes.type == SSH_FILEXFER_TYPE_SYMLINK;
  return entry;
}

std::optional<Entry> Session::find(const std::string& path) {
  const std::unique_ptr<sftp_attributes_struct, decltype(&sftp_attributes_free)> attributes(
      wait([&] { return sftp_stat(sftp_.get(), path.c_str()); }), sftp_attributes_free);
  if (attributes) {
    Entry entry = entry_of(*attributes);
    entry.name = path.substr(path.rfind('/') + 1);
    return entry;
  }
  const int error = sftp_get_error(sftp_.get());
  if (!is_lost() && (error == SSH_FX_NO_SUCH_FILE || error == SSH_FX_NO_SUCH_PATH)) return std::nullopt;
  fail(path, "cannot be looked at");
}

std::vector<Entry> Session::list(const std::string& directory) {
  const auto close = [this](sftp_dir open) { wait([&] { return sftp_closedir(open); }); };
  const std::unique_ptr<sftp_dir_struct, decltype(close)> open(wait([&] { return sftp_opendir(sftp_.get(), directory.c_str()); }), close);
  if (!open) fail(directory, "cannot be read");
  std::vector<Entry> entries;
  while (const sftp_attributes raw = wait([&] { return sftp_readdir(sftp_.get(), open.get()); })) {
    const std::unique_ptr<sftp_attributes_struct, decltype(&sftp_attributes_free)> attributes(raw, sftp_attributes_free);
    Entry entry = entry_of(*attributes);
    if (entry.name != "." && entry.name != "..") entries.push_back(std::move(entry));
  }
  if (sftp_dir_eof(open.get()) == 0) fail(directory, "cannot be read");
  for (Entry& entry : entries) {
    if (!entry.is_link) continue;
    const std::string path = directory == "." ? entry.name : fmt::format("{}/{}", directory, entry.name);
    if (const std::optional<Entry> target = find(path)) entry = *target;
    entry.is_link = true;
  }
  return entries;
}

std::string Session::real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&ssh_string_free_char)> real(wait([&] { return sftp_canonicalize_path(sftp_.get(), path.c_str()); }),
                                                                    ssh_string_free_char);
  if (!real) fail(path, "cannot be looked at");
  return real.get();
}

void Session::set_permissions(const std::string& path, uint32_t permissions) {
  if (wait([&] { return sftp_chmod(sftp_.get(), path.c_str(), permissions); }) == SSH_OK) return;
  if (is_lost() || sftp_get_error(sftp_.get()) != SSH_FX_OP_UNSUPPORTED) fail(path, "cannot get the permissions of the old file");
}

// The server's status.
int Session::rename_over(const std::string& from, const std::string& to) {
  if (!renamer_) renamer_ = wait([&] { return std::make_unique<Renamer>(ssh_.get()); });
  return renamer_->is_open() ? wait([&] { return renamer_->rename(from, to); }) : -1;
}

void Session::rename(const std::string& from, const std::string& to, const std::string& aside) {
  constexpr std::string_view kFault = "cannot be replaced";
  if (sftp_extension_supported(sftp_.get(), kPosixRename, "1") != 0) {
    const int status = rename_over(from, to);
    if (status == SSH_FX_OK) return;
    if (is_lost()) fail(to, kFault);
    if (status > 0) refuse(status, to, kFault);
  }
  const auto renamed = [this](const std::string& one, const std::string& other) {
    return wait([&] { return sftp_rename(sftp_.get(), one.c_str(), other.c_str()); }) == SSH_OK;
  };
  if (renamed(from, to)) return;
  if (is_lost() || sftp_get_error(sftp_.get()) == SSH_FX_PERMISSION_DENIED || !find(to) || !renamed(to, aside)) fail(to, kFault);
  if (!renamed(from, to)) {
    renamed(aside, to);
    fail(to, kFault);
  }
  remove(aside);
}

void Session::make_directory(const std::string& path) {
  if (wait([&] { return sftp_mkdir(sftp_.get(), path.c_str(), 0777); }) == SSH_OK) return;
  if (sftp_get_error(sftp_.get()) == SSH_FX_FILE_ALREADY_EXISTS && !is_lost()) return;
  fail(path, "cannot be made");
}

void Session::remove(const std::string& path) {
  if (wait([&] { return sftp_unlink(sftp_.get(), path.c_str()); }) == SSH_OK) return;
  const int error = sftp_get_error(sftp_.get());
  if (!is_lost() && (error == SSH_FX_NO_SUCH_FILE || error == SSH_FX_NO_SUCH_PATH)) return;
  fail(path, "cannot be removed");
}

bool Session::remove_empty_directory(const std::string& path) {
  if (wait([&] { return sftp_rmdir(sftp_.get(), path.c_str()); }) == SSH_OK) return true;
  if (is_lost()) fail(path, "cannot be removed");
  return false;
}

}  // namespace ingestr::sftp
