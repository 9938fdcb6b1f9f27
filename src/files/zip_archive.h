// ZipArchive: the parts of a ZIP file, for reading; see PKWARE's APPNOTE.TXT, also for what has more than 4 GB. Nothing that the file says
// of itself is believed: offsets and lengths are held against the file, contents against their checksums.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr::files {

struct ZipPart {
  std::string name;
  uint64_t at = 0;       // where its local head begins
  uint64_t packed = 0;   // bytes in the file
  uint32_t checksum = 0;
  uint16_t method = 0;
  bool is_encrypted = false;
};

class ZipArchive {
 public:
  // Throws Error(bad_data) for a file that is no archive, and Error(unavailable) for one that cannot be read.
  explicit ZipArchive(const std::string& path);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  const std::vector<ZipPart>& parts() const { return parts_; }
  // By its name, ignoring case, as parts of Office's files go by (ECMA-376, part 2, 6.2.2); null: there is none.
  const ZipPart* find(std::string_view name) const;
  uint64_t bytes() const { return bytes_; }
  // So many bytes from there. Throws Error(bad_data) when the file ends before.
  void read_at(uint64_t at, char* to, size_t count) const;
  std::string read_at(uint64_t at, size_t count) const;

 private:
  void read_directory();

  int descriptor_;
  uint64_t bytes_ = 0;
  std::vector<ZipPart> parts_;
};

// The content of a part, piece by piece. `archive` and `part` outlive it.
class ZipPartReader {
 public:
  // Throws Error(bad_data) for a part that cannot be unpacked.
  ZipPartReader(const ZipArchive& archive, const ZipPart& part);
  ~ZipPartReader();

  const std::string& name() const;
  // At most `count` bytes, at least one; 0 at the end. Throws Error(bad_data) for what is damaged.
  size_t read(char* to, size_t count);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ingestr::files
