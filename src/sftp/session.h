// Session: one connection to an SFTP server, logged in.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "files/entry.h"
#include "sftp/place.h"
#include "sftp/watch.h"

struct sftp_attributes_struct;
struct sftp_file_struct;
struct sftp_session_struct;
struct ssh_session_struct;

namespace ingestr::sftp {

using files::Entry;
using files::File;

// How long a server may be silent.
struct Patience {
  std::chrono::milliseconds connecting = std::chrono::seconds(10);  // and until both sides have agreed on keys
  std::chrono::milliseconds working = std::chrono::seconds(60);     // without a byte in either direction
};

// One thread at a time. What it throws names the server and no password: unavailable when the server is not reached, is silent or breaks
// off (is_lost() is true then), and when it fails without a reason; auth, not_found, unsupported for what it refuses; cancelled at once
// after the stop.
class Session {
 public:
  // Connects, checks the host's key, logs in. Throws Error(auth) with the cure for a key that is unknown or another one, and for a
  // server that refuses the user.
  Session(const Place& place, const Patience& patience, const std::stop_token& stop);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // The connection is gone: another session may have more luck.
  bool is_lost() const;

  // What a path leads to; nothing when it leads nowhere.
  std::optional<Entry> find(const std::string& path);
  // Without "." and "..".
  std::vector<Entry> list(const std::string& directory);
  // The same path without symbolic links.
  std::string real_path(const std::string& path);
  // Hands over the bytes of the file from `offset` on, piece by piece, and no more than it had when it was found; one of 0 bytes is read to its
  // end. Throws Error(bad_data) when it was written to since then.
  void read(const File& file, uint64_t offset, const std::function<void(std::string_view)>& take);
  // Writes what `next` gives, which fills a buffer and ends with 0 bytes, from `offset` on; 0: into a new file of such permissions, less
  // what the server's umask takes. `written` is told of bytes that the server has. The bytes are on its disk at the end where it can
  // say so. Throws Error(unavailable) for a disk that is full.
  void write(const std::string& path, uint64_t offset, uint32_t permissions, const std::function<size_t(char*, size_t)>& next,
             const std::function<void(size_t)>& written);
  // Where the server has such a thing.
  void set_permissions(const std::string& path, uint32_t permissions);
  // Gives a file another name, at once also where there is a file of that name, if the server knows the extension
  // posix-rename@openssh.com. If not, that one is called `aside` first and then removed, so that for a moment there is none.
  void rename(const std::string& from, const std::string& to, const std::string& aside);
  void make_directory(const std::string& path);
  // Also when it is not there.
  void remove(const std::string& path);
  // False when something is in it, or it is not there.
  bool remove_empty_directory(const std::string& path);

 private:
  struct SshClosed { void operator()(ssh_session_struct* ssh) const; };
  struct SftpClosed { void operator()(sftp_session_struct* sftp) const; };
  struct FileClosed {
    const Session* session = nullptr;
    void operator()(sftp_file_struct* file) const;
  };
  using OpenFile = std::unique_ptr<sftp_file_struct, FileClosed>;
  class ReadWindow;
  class WriteWindow;

  template <class Call>
  auto wait(Call&& call, std::optional<std::chrono::milliseconds> patience = std::nullopt) const;
  void connect(const Place& place);
  void check_unchanged(const File& file, sftp_file_struct* open) const;
  OpenFile open(const std::string& path, int flags, uint32_t permissions);
  [[noreturn]] void fail(const std::string& path, std::string_view what) const;
  [[noreturn]] void refuse(int status, const std::string& words, const std::string& path, std::string_view what) const;
  [[noreturn]] void fail_to_write(int status, const std::string& words, const std::string& path, size_t bytes) const;
  bool has_room(const std::string& directory, size_t bytes) const;
  static Entry entry_of(const sftp_attributes_struct& attributes);

  Authority who_;
  Patience patience_;
  std::unique_ptr<Watch> watch_;  // outlives what it watches
  std::unique_ptr<ssh_session_struct, SshClosed> ssh_;
  std::unique_ptr<sftp_session_struct, SftpClosed> sftp_;
};

}  // namespace ingestr::sftp
