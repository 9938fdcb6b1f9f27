#include "sources/files/avro_container.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"

namespace ingestr::files {
namespace {

constexpr std::string_view kAvroMagic = "Obj\x01", kAvroSchemaKey = "avro.schema", kAvroCodecKey = "avro.codec";
// Those that the engine knows.
constexpr std::array<std::string_view, 3> kAvroCodecs = {"null", "deflate", "snappy"};
// Few heads are longer than the first.
constexpr uint64_t kHeadBytes = 1 << 16, kLongestHead = 1 << 24;
constexpr size_t kMarkerBytes = 16;
constexpr size_t kLongestNumber = 10;
// Blocks between two looks at whether to stop.
constexpr uint64_t kBlocksAtOnce = 1'000;
// Of a file elsewhere, for blocks are small and each request takes its time.
constexpr uint64_t kFetchedAtOnce = 4'000'000;

// Integers, and texts behind their lengths, of Avro's binary form.
class AvroBytes {
 public:
  explicit AvroBytes(std::string_view bytes) : bytes_(bytes) {}

  size_t left() const { return bytes_.size(); }
  // Variable length, the sign in the lowest bit.
  std::optional<int64_t> number() {
    uint64_t number = 0;
    for (int shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(bytes_.front());
      bytes_.remove_prefix(1);
      number |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return static_cast<int64_t>(number >> 1) ^ -static_cast<int64_t>(number & 1);
    }
    return std::nullopt;
  }
  std::optional<std::string_view> text() {
    const auto length = number();
    return length && *length >= 0 ? take(static_cast<uint64_t>(*length)) : std::nullopt;
  }
  std::optional<std::string_view> take(uint64_t length) {
    if (length > bytes_.size()) return std::nullopt;
    const std::string_view text = bytes_.substr(0, static_cast<size_t>(length));
    bytes_.remove_prefix(text.size());
    return text;
  }

 private:
  std::string_view bytes_;
};

struct AvroBlock {
  uint64_t rows, bytes;  // its marker included
};

// That begins there; nothing: none does.
std::optional<AvroBlock> block_at(duck::FileBytes& file, uint64_t offset) {
  const std::string begin = file.at(offset, 2 * kLongestNumber);
  AvroBytes rest(begin);
  const auto rows = rest.number(), bytes = rest.number();
  const uint64_t left = file.size() - offset;
  if (!rows || !bytes || *rows < 0 || *bytes < 0 || static_cast<uint64_t>(*bytes) > left) return std::nullopt;
  return AvroBlock{static_cast<uint64_t>(*rows), begin.size() - rest.left() + static_cast<uint64_t>(*bytes) + kMarkerBytes};
}

}  // namespace

std::optional<AvroHead> avro_head(std::string_view beginning) {
  if (!beginning.starts_with(kAvroMagic)) return std::nullopt;
  AvroBytes rest(beginning.substr(kAvroMagic.size()));
  AvroHead head;
  // Entries come in blocks; a negative count has the block's bytes behind it. None ends them.
  auto count = rest.number();
  for (; count && *count != 0; count = rest.number()) {
    if (*count < 0 && !rest.number()) return std::nullopt;
    for (int64_t left = *count; left != 0; left += left < 0 ? 1 : -1) {
      const auto key = rest.text(), value = rest.text();
      if (!key || !value) return std::nullopt;
      if (*key == kAvroSchemaKey) head.schema = *value;
      if (*key == kAvroCodecKey) head.codec = *value;
    }
  }
  const auto marker = count ? rest.take(kMarkerBytes) : std::nullopt;
  if (!marker) return std::nullopt;
  head.marker = *marker;
  head.bytes = beginning.size() - rest.left();
  return head;
}

AvroHead avro_head(duck::FileBytes& file) {
  for (uint64_t wanted = kHeadBytes; wanted <= kLongestHead; wanted *= 16) {
    const auto head = avro_head(file.at(0, wanted));
    if (head && std::ranges::find(kAvroCodecs, head->codec) == kAvroCodecs.end()) {
      throw Error(ErrorKind::bad_data, fmt::format("it is compressed by {}, which cannot be read; write it with deflate or without compression",
                                                   shorten(head->codec, 60)));
    }
    if (head) return *head;
    if (wanted >= file.size()) break;
  }
  throw Error(ErrorKind::bad_data, "it is no Avro file, or its head is damaged; name the right file, or get it again");
}

uint64_t avro_rows(duck::Connection& connection, const Files& files, const std::stop_token& stop) {
  uint64_t rows = 0, blocks = 0;
  for (const std::string& path : files.paths) {
    duck::FileBytes avro(connection, path, files.is_local ? 0 : kFetchedAtOnce);
    const AvroHead head = of_file(files.called(path), [&] { return avro_head(avro); });
    for (uint64_t offset = head.bytes; offset < avro.size();) {
      if (++blocks % kBlocksAtOnce == 0) throw_if_stopped(stop);
      const auto block = block_at(avro, offset);
      if (!block || avro.at(offset + block->bytes - kMarkerBytes, kMarkerBytes) != head.marker) throw cut_short(files.called(path));
      rows += block->rows;
      offset += block->bytes;
    }
  }
  return rows;
}

}  // namespace ingestr::files
