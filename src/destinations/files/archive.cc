#include "destinations/files/archive.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "base/error.h"
#include "base/work_directory.h"

namespace ingestr::file_output {
namespace fs = std::filesystem;
namespace {

constexpr size_t kGzipHead = 10, kGzipTail = 8;
constexpr size_t kCopied = 1 << 20;

constexpr uint32_t kLocalMark = 0x04034b50, kEntryMark = 0x02014b50, kEndMark = 0x06054b50;
constexpr uint16_t kZipVersion = 20, kStored = 0, kDeflated = 8;
constexpr uint16_t kNoTime = 0, kFirstDay = 0x21;  // 1 January 1980

// Numbers of an archive are little-endian.
uint32_t number_at(const char* bytes, int count) {
  uint32_t number = 0;
  for (int i = count; i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[i]);
  return number;
}

void add_number(std::string& to, uint64_t number, int count) {
  for (int i = 0; i < count; ++i) to += static_cast<char>(number >> 8 * i);
}

}  // namespace

Archive::Archive(const fs::path& path) : path_(path), out_(path, std::ios::binary | std::ios::trunc) {}

void Archive::add(std::string_view name, const std::string& content) {
  const auto bytes = static_cast<uint32_t>(content.size());
  const uLong checksum = ::crc32(0, reinterpret_cast<const Bytef*>(content.data()), bytes);
  begin(name, kStored, static_cast<uint32_t>(checksum), bytes, bytes);
  put(content);
}

void Archive::add_packed(std::string_view name, const fs::path& gzip) {
  const uint64_t bytes = fs::file_size(gzip);
  std::ifstream in(gzip, std::ios::binary);
  std::array<char, kGzipHead> head{};
  std::array<char, kGzipTail> tail{};
  in.read(head.data(), head.size());
  in.seekg(-static_cast<std::streamoff>(kGzipTail), std::ios::end);
  in.read(tail.data(), tail.size());
  if (!in || head[0] != '\x1f' || head[1] != '\x8b' || head[3] != 0) throw Error(ErrorKind::internal, "a sheet is not packed as it should be");
  uint64_t left = bytes - kGzipHead - kGzipTail;
  begin(name, kDeflated, number_at(tail.data(), 4), static_cast<uint32_t>(left), number_at(tail.data() + 4, 4));
  in.seekg(kGzipHead);
  std::vector<char> block(kCopied);
  while (left > 0) {
    in.read(block.data(), static_cast<std::streamsize>(std::min<uint64_t>(left, block.size())));
    if (in.gcount() <= 0) throw Error(ErrorKind::unavailable, fmt::format("{} cannot be read", gzip.string()));
    put({block.data(), static_cast<size_t>(in.gcount())});
    left -= static_cast<uint64_t>(in.gcount());
  }
}

void Archive::finish() {
  const uint64_t begin = at_;
  put(directory_);
  const uint64_t length = at_ - begin;
  std::string end;
  add_number(end, kEndMark, 4);
  add_number(end, 0, 4);
  add_number(end, entries_, 2);
  add_number(end, entries_, 2);
  add_number(end, length, 4);
  add_number(end, begin, 4);
  add_number(end, 0, 2);
  put(end);
  out_.close();
  if (!out_) fail_in_work(path_, "cannot be written", errno);
}

void Archive::put(std::string_view bytes) {
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out_) fail_in_work(path_, "cannot be written", errno);
  at_ += bytes.size();
}

void Archive::begin(std::string_view name, uint16_t method, uint32_t sum, uint32_t packed, uint32_t bytes) {
  std::string facts;
  for (const uint16_t number : {kZipVersion, uint16_t{0}, method, kNoTime, kFirstDay}) add_number(facts, number, 2);
  for (const uint32_t number : {sum, packed, bytes}) add_number(facts, number, 4);
  add_number(facts, name.size(), 2);
  add_number(facts, 0, 2);
  std::string local, entry;
  add_number(local, kLocalMark, 4);
  add_number(entry, kEntryMark, 4);
  add_number(entry, kZipVersion, 2);
  entry += facts;
  entry.append(10, '\0');  // no comment, on this disk, nothing of a system
  add_number(entry, at_, 4);
  directory_.append(entry).append(name);
  ++entries_;
  put(local.append(facts).append(name));
}

}  // namespace ingestr::file_output
