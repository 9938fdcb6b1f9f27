#include "sources/files/compressed_file.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <fstream>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::files {
namespace {

constexpr unsigned kPieceBytes = 256 * 1024;

void go_on_unless(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
}

// True also of a file that is not compressed at all, or cannot be read: what it is then the engine says.
bool is_whole_gzip(const std::string& path, const std::stop_token& stop) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose_r)> file(gzopen(path.c_str(), "rb"), gzclose_r);
  if (!file) return true;
  gzbuffer(file.get(), kPieceBytes);
  if (gzdirect(file.get()) != 0) return true;
  std::vector<char> piece(kPieceBytes);
  int count = 0;
  do {
    go_on_unless(stop);
    count = gzread(file.get(), piece.data(), kPieceBytes);
  } while (count > 0);
  // What was read before the end that should not be there comes first, and without an error.
  int error = Z_OK;
  gzerror(file.get(), &error);
  return error == Z_OK || error == Z_ERRNO;
}

// What frames say that the engine refuses with words of its own.
bool is_no_damage(size_t result) {
  const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
  return code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_frameParameter_unsupported ||
         code == ZSTD_error_version_unsupported || code == ZSTD_error_dictionary_wrong;
}

// Likewise.
bool is_whole_zstd(const std::string& path, const std::stop_token& stop) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  std::ifstream file(path, std::ios::binary);
  std::vector<char> piece(kPieceBytes), text(kPieceBytes);
  bool any = false;     // a frame that is known as one
  size_t expected = 0;  // more bytes of the frame; 0: it has ended
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())), file.gcount() > 0) {
    go_on_unless(stop);
    ZSTD_inBuffer in{piece.data(), static_cast<size_t>(file.gcount()), 0};
    for (bool goes_on = true; goes_on;) {
      ZSTD_outBuffer out{text.data(), text.size(), 0};
      expected = ZSTD_decompressStream(stream.get(), &out, &in);
      if (ZSTD_isError(expected)) return is_no_damage(expected) || (!any && ZSTD_getErrorCode(expected) == ZSTD_error_prefix_unknown);
      any = true;
      // A full buffer may not be all that the bytes of a frame give.
      goes_on = in.pos < in.size || (expected != 0 && out.pos == out.size);
    }
  }
  return expected == 0 || file.bad();
}

}  // namespace

void check_compressed(const Files& files, const std::stop_token& stop) {
  if (!files.is_local) return;
  for (const std::string& path : files.paths) {
    const std::string lower = to_lower(path);
    const bool is_whole = lower.ends_with(".gz") ? is_whole_gzip(path, stop) : !lower.ends_with(".zst") || is_whole_zstd(path, stop);
    if (!is_whole) throw cut_short(files.called(path));
  }
}

}  // namespace ingestr::files
