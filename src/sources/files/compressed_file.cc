#include "sources/files/compressed_file.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/interrupt.h"
#include "duck/bytes.h"
#include "sources/files/last_row.h"

namespace ingestr::files {
namespace {

constexpr uint64_t kPieceBytes = 2'000'000, kTextBytes = 256 * 1024, kLookedAtBytes = 4'096;

enum class Found {
  whole,
  cut,
  not_compressed,  // or in another way
  more_behind,     // that is not compressed
};

// The bytes of a file, in order.
class FilePieces {
 public:
  FilePieces(duck::FileBytes& file, bool to_the_end, const std::stop_token& stop)
      : file_(file), end_(to_the_end ? file.size() : std::min(file.size(), kLookedAtBytes)), stop_(stop) {}

  // Empty: there are no more.
  std::string next() {
    throw_if_stopped(stop_);
    std::string piece = file_.at(offset_, std::min(kPieceBytes, end_ - offset_));
    offset_ += piece.size();
    return piece;
  }

 private:
  duck::FileBytes& file_;
  uint64_t offset_ = 0, end_;
  const std::stop_token& stop_;
};

// What of a text is kept.
struct UnpackedText {
  LastLine last;
  TextEdges edges;

  void add(std::string_view piece) {
    last.add(piece);
    edges.add(piece);
  }
};

class Inflation {
 public:
  Inflation() { inflateInit2(&stream, MAX_WBITS + 16); }
  ~Inflation() { inflateEnd(&stream); }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;

  z_stream stream{};
};

// RFC 1952: members, one behind the other.
Found read_gzip(FilePieces& pieces, UnpackedText& unpacked) {
  constexpr uLong kMagicBytes = 2;
  Inflation inflation;
  z_stream& stream = inflation.stream;
  std::string text(kTextBytes, '\0');
  bool any = false, is_between = true;  // members
  for (std::string piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    stream.next_in = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_in = static_cast<uInt>(piece.size());
    do {
      if (is_between) inflateReset(&stream);
      is_between = false;
      stream.next_out = reinterpret_cast<Bytef*>(text.data());
      stream.avail_out = static_cast<uInt>(text.size());
      const int result = inflate(&stream, Z_NO_FLUSH);
      unpacked.add(std::string_view(text).substr(0, text.size() - stream.avail_out));
      is_between = result == Z_STREAM_END;
      if (!is_between && result != Z_OK && result != Z_BUF_ERROR) {
        return stream.total_in > kMagicBytes ? Found::cut : any ? Found::more_behind : Found::not_compressed;
      }
      any = any || is_between;
    } while (stream.avail_in > 0 || (!is_between && stream.avail_out == 0));
  }
  return !is_between ? Found::cut : any ? Found::whole : Found::not_compressed;
}

// What frames say that the engine refuses with words of its own.
bool is_no_damage(ZSTD_ErrorCode code) {
  return code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_frameParameter_unsupported ||
         code == ZSTD_error_version_unsupported || code == ZSTD_error_dictionary_wrong;
}

// RFC 8878: frames, one behind the other.
Found read_zstd(FilePieces& pieces, UnpackedText& unpacked) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  std::string text(kTextBytes, '\0');
  bool any = false;     // a frame that is known as one
  size_t expected = 0;  // more bytes of the frame; 0: it has ended
  for (std::string piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    for (bool goes_on = true; goes_on;) {
      ZSTD_outBuffer out{text.data(), text.size(), 0};
      expected = ZSTD_decompressStream(stream.get(), &out, &in);
      unpacked.add(std::string_view(text).substr(0, out.pos));
      if (const ZSTD_ErrorCode code = ZSTD_getErrorCode(expected); ZSTD_isError(expected) != 0) {
        if (is_no_damage(code)) return Found::whole;
        return code != ZSTD_error_prefix_unknown ? Found::cut : any ? Found::more_behind : Found::not_compressed;
      }
      any = true;
      // A full buffer may not be all that the bytes of a frame give.
      goes_on = in.pos < in.size || (expected != 0 && out.pos == out.size);
    }
  }
  return expected != 0 ? Found::cut : any ? Found::whole : Found::not_compressed;
}

PackedText check_one(duck::FileBytes& file, const std::string& name, Packing packing, const CompressedCheck& check, const std::stop_token& stop) {
  FilePieces pieces(file, check.to_the_end, stop);
  UnpackedText unpacked;
  Found found = packing == Packing::gzip ? read_gzip(pieces, unpacked) : read_zstd(pieces, unpacked);
  if (!check.to_the_end && found == Found::cut) found = Found::whole;
  switch (found) {
    case Found::cut:
      throw cut_short(name);
    case Found::not_compressed:
      throw Error(ErrorKind::bad_data, fmt::format("{}: it is not compressed as its name says; give it the name of what it is, or get it again", name));
    case Found::more_behind:
      throw Error(ErrorKind::bad_data, fmt::format("{}: something that is not compressed stands behind what is; get it again, or compress it anew", name));
    case Found::whole:
      break;
  }
  if (check.to_the_end && check.longest_line && unpacked.last.bytes() > *check.longest_line) throw last_row_too_long(name, *check.longest_line);
  return {std::move(unpacked.edges), check.to_the_end};
}

}  // namespace

PackedTexts check_compressed(duck::Connection& connection, const Files& files, const CompressedCheck& check, const std::stop_token& stop) {
  PackedTexts texts;
  for (const std::string& path : files.paths) {
    const Packing packing = packing_of(path);
    if (packing == Packing::none) continue;
    const std::string name = files.called(path);
    of_file(name, [&] {
      duck::FileBytes file(connection, path);
      texts[path] = check_one(file, name, packing, check, stop);
    });
  }
  return texts;
}

}  // namespace ingestr::files
