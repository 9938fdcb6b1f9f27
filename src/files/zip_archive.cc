#include "files/zip_archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::files {
namespace {

constexpr std::string_view kZipEnd = "PK\5\6", kZip64Locator = "PK\6\7", kZip64End = "PK\6\6", kZipEntry = "PK\1\2", kZipLocal = "PK\3\4";
constexpr size_t kZipEndBytes = 22, kZip64LocatorBytes = 20, kZip64EndBytes = 56, kZipEntryBytes = 46, kZipLocalBytes = 30;
constexpr size_t kZipCommentBytes = 65'535;
constexpr uint64_t kMostDirectoryBytes = 64'000'000;  // a workbook's has some thousands
constexpr uint32_t kElsewhere = 0xFFFFFFFF;           // the number is in the entry's extension
constexpr uint16_t kZip64Extension = 1, kZipStored = 0, kZipDeflated = 8;
constexpr size_t kPackedPiece = 1 << 16;

[[noreturn]] void damaged_archive(std::string_view what) {
  throw Error(ErrorKind::bad_data, fmt::format("it is no Excel workbook, or a damaged one ({}); open it with the program that made it, "
                                               "or fetch it again",
                                               what));
}

// Numbers of an archive are little-endian.
uint64_t zip_number(std::string_view bytes, size_t at, size_t count) {
  uint64_t number = 0;
  for (size_t i = count; i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
  return number;
}

struct ZipDirectory {
  uint64_t at, bytes;
};

ZipDirectory find_directory(const ZipArchive& archive) {
  const size_t tail_bytes = std::min<uint64_t>(archive.bytes(), kZipEndBytes + kZipCommentBytes);
  const std::string tail = archive.read_at(archive.bytes() - tail_bytes, tail_bytes);
  const size_t end = tail_bytes < kZipEndBytes ? std::string::npos : tail.rfind(kZipEnd, tail_bytes - kZipEndBytes);
  if (end == std::string::npos) damaged_archive("it is no ZIP archive");
  ZipDirectory found{zip_number(tail, end + 16, 4), zip_number(tail, end + 12, 4)};
  if (found.at != kElsewhere && found.bytes != kElsewhere && zip_number(tail, end + 10, 2) != 0xFFFF) return found;
  if (end < kZip64LocatorBytes || tail.compare(end - kZip64LocatorBytes, 4, kZip64Locator) != 0) return found;
  const std::string large = archive.read_at(zip_number(tail, end - kZip64LocatorBytes + 8, 8), kZip64EndBytes);
  if (!large.starts_with(kZip64End)) damaged_archive("its directory is not where it should be");
  return {zip_number(large, 48, 8), zip_number(large, 40, 8)};
}

// The numbers that did not fit into an entry stand in its extension: first the length, then the packed length, then the place.
void take_large_numbers(ZipPart& part, std::string_view extensions, bool length_is_there) {
  while (extensions.size() >= 4) {
    const size_t bytes = zip_number(extensions, 2, 2);
    if (bytes > extensions.size() - 4) return;
    std::string_view numbers = extensions.substr(4, bytes);
    if (zip_number(extensions, 0, 2) == kZip64Extension) {
      if (length_is_there && numbers.size() >= 8) numbers.remove_prefix(8);
      for (uint64_t* number : {&part.packed, &part.at}) {
        if (*number != kElsewhere || numbers.size() < 8) continue;
        *number = zip_number(numbers, 0, 8);
        numbers.remove_prefix(8);
      }
      return;
    }
    extensions.remove_prefix(4 + bytes);
  }
}

}  // namespace

ZipArchive::ZipArchive(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw Error(ErrorKind::unavailable, fmt::format("it cannot be opened ({})", std::strerror(errno)));
  try {
    struct stat status {};
    if (::fstat(descriptor_, &status) == 0) bytes_ = static_cast<uint64_t>(status.st_size);
    if (bytes_ >= 4 && read_at(0, 4) == "\xD0\xCF\x11\xE0") {
      throw Error(ErrorKind::bad_data,
                  "it is a workbook of Excel 97 to 2003 (.xls), or an encrypted one, which cannot be read; save it as .xlsx without a password");
    }
    read_directory();
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

ZipArchive::~ZipArchive() { ::close(descriptor_); }

void ZipArchive::read_at(uint64_t at, char* to, size_t count) const {
  if (at > bytes_ || count > bytes_ - at) damaged_archive("it ends too early");
  while (count > 0) {
    const ssize_t got = ::pread(descriptor_, to, count, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(ErrorKind::unavailable, fmt::format("it cannot be read ({})", std::strerror(errno)));
    if (got == 0) damaged_archive("it ends too early");
    to += got;
    at += static_cast<uint64_t>(got);
    count -= static_cast<size_t>(got);
  }
}

std::string ZipArchive::read_at(uint64_t at, size_t count) const {
  if (at > bytes_ || count > bytes_ - at) damaged_archive("it ends too early");
  std::string bytes(count, '\0');
  read_at(at, bytes.data(), count);
  return bytes;
}

void ZipArchive::read_directory() {
  const ZipDirectory found = find_directory(*this);
  if (found.bytes > kMostDirectoryBytes) damaged_archive("its directory is too long");
  const std::string directory = read_at(found.at, found.bytes);
  for (size_t at = 0; at + kZipEntryBytes <= directory.size();) {
    const std::string_view entry = std::string_view(directory).substr(at);
    if (!entry.starts_with(kZipEntry)) damaged_archive("its directory is damaged");
    const size_t name = zip_number(entry, 28, 2), extensions = zip_number(entry, 30, 2), comment = zip_number(entry, 32, 2);
    if (kZipEntryBytes + name + extensions + comment > entry.size()) damaged_archive("its directory is damaged");
    ZipPart part{.name = std::string(entry.substr(kZipEntryBytes, name)),
                 .at = zip_number(entry, 42, 4),
                 .packed = zip_number(entry, 20, 4),
                 .checksum = static_cast<uint32_t>(zip_number(entry, 16, 4)),
                 .method = static_cast<uint16_t>(zip_number(entry, 10, 2)),
                 .is_encrypted = (zip_number(entry, 8, 2) & 1) != 0};
    take_large_numbers(part, entry.substr(kZipEntryBytes + name, extensions), zip_number(entry, 24, 4) == kElsewhere);
    parts_.push_back(std::move(part));
    at += kZipEntryBytes + name + extensions + comment;
  }
}

const ZipPart* ZipArchive::find(std::string_view name) const {
  const auto found = std::ranges::find_if(parts_, [&](const ZipPart& part) { return equal_ignoring_case(part.name, name); });
  return found == parts_.end() ? nullptr : &*found;
}

struct ZipPartReader::State {
  const ZipArchive& archive;
  const ZipPart& part;
  uint64_t at = 0, left = 0;  // of the packed bytes
  uLong checksum = ::crc32(0, nullptr, 0);
  bool is_done = false;
  z_stream stream{};
  std::array<char, kPackedPiece> piece{};

  [[noreturn]] void damaged() const { damaged_archive(fmt::format("{} in it cannot be unpacked", shorten(part.name, 60))); }

  size_t next_piece(char* to, size_t count) {
    const size_t some = std::min<uint64_t>(left, count);
    archive.read_at(at, to, some);
    at += some;
    left -= some;
    return some;
  }

  size_t inflate_some(char* to, size_t count) {
    stream.next_out = reinterpret_cast<Bytef*>(to);
    stream.avail_out = static_cast<uInt>(count);
    while (stream.avail_out == count && !is_done) {
      if (stream.avail_in == 0) {
        if (left == 0) damaged();
        stream.avail_in = static_cast<uInt>(next_piece(piece.data(), piece.size()));
        stream.next_in = reinterpret_cast<Bytef*>(piece.data());
      }
      const int result = ::inflate(&stream, Z_NO_FLUSH);
      if (result == Z_STREAM_END) is_done = true;
      else if (result != Z_OK && result != Z_BUF_ERROR) damaged();
    }
    return count - stream.avail_out;
  }
};

ZipPartReader::ZipPartReader(const ZipArchive& archive, const ZipPart& part) : state_(new State{.archive = archive, .part = part}) {
  if (part.is_encrypted) throw Error(ErrorKind::bad_data, "it is an encrypted archive, which cannot be read; save it without a password");
  const std::string head = archive.read_at(part.at, kZipLocalBytes);
  if (!head.starts_with(kZipLocal) || (part.method != kZipStored && part.method != kZipDeflated)) state_->damaged();
  state_->at = part.at + kZipLocalBytes + zip_number(head, 26, 2) + zip_number(head, 28, 2);
  state_->left = part.packed;
  // Without a head of its own, as archives have it.
  if (part.method == kZipDeflated && ::inflateInit2(&state_->stream, -MAX_WBITS) != Z_OK) state_->damaged();
}

ZipPartReader::~ZipPartReader() {
  if (state_->part.method == kZipDeflated) ::inflateEnd(&state_->stream);
}

const std::string& ZipPartReader::name() const { return state_->part.name; }

size_t ZipPartReader::read(char* to, size_t count) {
  const size_t got = state_->part.method == kZipDeflated ? state_->inflate_some(to, count) : state_->next_piece(to, count);
  state_->checksum = ::crc32(state_->checksum, reinterpret_cast<const Bytef*>(to), static_cast<uInt>(got));
  if (got == 0 && state_->checksum != state_->part.checksum) state_->damaged();
  return got;
}

}  // namespace ingestr::files
