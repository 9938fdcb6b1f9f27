#include "sftp/client.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "base/interrupt.h"
#include "http/retry.h"

namespace ingestr::sftp {
namespace {

namespace fs = std::filesystem;

constexpr int kAttempts = 6;
constexpr uint32_t kNewFile = 0666;

}  // namespace

Client::Client(Place place, const Context& context, std::stop_token stop, Patience patience)
    : place_(std::move(place)), context_(context), stop_(std::move(stop)), patience_(patience), random_(static_cast<unsigned>(::getpid())) {}

// After any failure a session may have answers under way that nobody waits for, so none is used again.
template <class Work>
auto Client::again(Work&& work) {
  failures_ = 0;
  for (;;) {
    try {
      if (!session_) session_ = std::make_unique<Session>(place_, patience_, stop_);
      was_there_ = true;
      return work(*session_);
    } catch (const Error& error) {
      const bool is_lost = !session_ || session_->is_lost();
      session_.reset();
      if (error.kind() != ErrorKind::unavailable || !is_lost || !was_there_) throw;
      wait_before_retry(error);
    } catch (...) {
      session_.reset();
      throw;
    }
  }
}

void Client::wait_before_retry(const Error& error) {
  if (++failures_ >= kAttempts) {
    throw Error(error.kind(), fmt::format("{}, {} times in a row; try again later", error.what(), failures_));
  }
  const auto wait = backoff(failures_, std::uniform_real_distribution<double>(0, 1)(random_));
  context_.log.warning(fmt::format("{}; trying again in {:.1f} s (attempt {} of {})", error.what(), std::chrono::duration<double>(wait).count(),
                                   failures_ + 1, kAttempts));
  context_.clock.sleep_for(wait, stop_);
  ++context_.counters.retries;
}

std::optional<Entry> Client::find(const std::string& path) {
  return again([&](Session& session) { return session.find(path); });
}

std::vector<Entry> Client::list(const std::string& directory) {
  return again([&](Session& session) { return session.list(directory); });
}

std::vector<File> Client::files(const Pattern& pattern) {
  const std::string path = server_path(pattern.path());
  const std::optional<Entry> found = find(path);
  if (found && found->kind == Entry::Kind::file) return {{path, found->bytes, found->changed}};
  if (!pattern.has_stars()) {
    if (!found) throw Error(ErrorKind::not_found, fmt::format("there is no file {}", shown(path)));
    throw Error(ErrorKind::usage, fmt::format("{} is no file; name a file in it, or {} for all", shown(path), shown(path + "/*")));
  }
  std::vector<File> files = pattern.fitting([this](const std::string& directory) -> std::vector<Entry> {
    return again([&](Session& session) {
      const std::optional<Entry> entry = session.find(server_path(directory));
      return entry && entry->kind == Entry::Kind::directory ? session.list(server_path(directory)) : std::vector<Entry>();
    });
  });
  for (File& file : files) file.path = server_path(file.path);
  if (files.empty()) throw Error(ErrorKind::not_found, fmt::format("no file has a name that fits {}", shown(path)));
  return files;
}

void Client::fetch(const File& file, const std::function<void(std::string_view)>& take) {
  uint64_t offset = 0;
  again([&](Session& session) {
    session.read(file, offset, [&](std::string_view bytes) {
      take(bytes);
      offset += bytes.size();
      context_.counters.bytes += bytes.size();
      failures_ = 0;
    });
    return true;
  });
}

void Client::upload(const fs::path& file, const std::string& temporary) {
  std::ifstream content(file, std::ios::binary);
  uint64_t offset = 0;
  again([&](Session& session) {
    content.clear();
    content.seekg(static_cast<std::streamoff>(offset));
    const auto next = [&](char* bytes, size_t size) {
      content.read(bytes, static_cast<std::streamsize>(size));
      if (content.bad()) throw Error(ErrorKind::unavailable, fmt::format("the temporary file {} cannot be read", file.string()));
      return static_cast<size_t>(content.gcount());
    };
    session.write(temporary, offset, kNewFile, next, [&](size_t count) {
      offset += count;
      failures_ = 0;
    });
    return true;
  });
}

// There are servers that give no real path of what is not there.
std::string Client::target_of(const std::string& path) {
  try {
    return again([&](Session& session) { return session.real_path(path); });
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled || find(path)) throw;
    return path;
  }
}

void Client::put(const fs::path& file, const std::string& path, const std::string& temporary, const std::function<void()>& before_shown) {
  const uint64_t bytes = fs::file_size(file);
  const std::optional<Entry> old = find(path);
  upload(file, temporary);
  before_shown();
  throw_if_stopped(stop_);
  try {
    show(temporary, path, old, bytes);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::cancelled) throw;
    throw Error(ErrorKind::cancelled, "interrupted while the new file took its place, so look whether it did, or run again");
  }
}

void Client::show(const std::string& temporary, const std::string& path, const std::optional<Entry>& old, uint64_t bytes) {
  again([&](Session& session) {
    if (failures_ > 0 && !session.find(temporary)) {
      // The server may have done it before the connection broke.
      const std::optional<Entry> now = session.find(path);
      if (now && now->bytes == bytes) return true;
    }
    if (old) session.set_permissions(temporary, old->permissions);
    session.rename(temporary, path, temporary + ".old");
    return true;
  });
}

void Client::make_directory(const std::string& path) {
  again([&](Session& session) {
    const std::optional<Entry> found = session.find(path);
    if (!found) session.make_directory(path);
    return true;
  });
}

void Client::remove(const std::string& path) {
  again([&](Session& session) {
    session.remove(path);
    return true;
  });
}

bool Client::remove_empty_directory(const std::string& path) {
  return again([&](Session& session) { return session.remove_empty_directory(path); });
}

}  // namespace ingestr::sftp
