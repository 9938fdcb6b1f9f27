// Client: files of an SFTP server, however often the connection breaks.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/context.h"
#include "files/entry.h"
#include "files/pattern.h"
#include "sftp/place.h"
#include "sftp/session.h"

namespace ingestr::sftp {

using files::Pattern;

// Connects when it is first asked for something. Once it has been there, what a lost connection has broken is taken up again after the
// waits of http/retry.h, where it was; each of them is logged. Throws what Session throws. One thread at a time.
class Client {
 public:
  // `stop` ends what is under way; `context` outlives it.
  Client(Place place, const Context& context, std::stop_token stop, Patience patience = {});

  const Place& place() const { return place_; }
  std::string shown(std::string_view path) const { return sftp::shown(place_.who, path); }

  std::optional<Entry> find(const std::string& path);
  std::vector<Entry> list(const std::string& directory);
  // The files that fit; one where the pattern has no star, or is just its name. Throws Error(not_found) when there is none, and
  // Error(usage) for a directory.
  std::vector<File> files(const Pattern& pattern);
  // Hands over all bytes of the file, counted in Counters::bytes. Throws Error(bad_data) when it has changed meanwhile.
  void fetch(const File& file, const std::function<void(std::string_view)>& take);
  // What a path leads to behind symbolic links, or will once it is there.
  std::string target_of(const std::string& path);
  // Puts a file of this machine there, under the name `temporary` first. A reader sees the old one or the whole new one (see
  // Session::rename). It keeps the permissions of the old one; a symbolic link is replaced itself.
  // `before_shown` is called when all of it is there under the other name.
  void put(const std::filesystem::path& file, const std::string& path, const std::string& temporary, const std::function<void()>& before_shown);
  void make_directory(const std::string& path);
  void remove(const std::string& path);
  bool remove_empty_directory(const std::string& path);
  // Ends the connection; the next wish makes another one.
  void let_go() { session_.reset(); }

 private:
  template <class Work>
  auto again(Work&& work);
  void wait_before_retry(const Error& error);
  void upload(const std::filesystem::path& file, const std::string& temporary);
  void show(const std::string& temporary, const std::string& path, const std::optional<Entry>& old, uint64_t bytes);

  Place place_;
  const Context& context_;
  std::stop_token stop_;
  Patience patience_;
  std::unique_ptr<Session> session_;
  bool was_there_ = false;
  int failures_ = 0;  // in a row, without a byte in between
  std::minstd_rand random_;
};

}  // namespace ingestr::sftp
