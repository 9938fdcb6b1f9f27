#include "sources/files/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "base/text.h"
#include "duck/text.h"

namespace ingestr::files {
namespace {

namespace fs = std::filesystem;

struct Encoding {
  const char* written;  // lower case
  const char* name;     // as DuckDB has it
};

constexpr Encoding kEncodings[] = {
    {"utf-8", "utf-8"},         {"utf8", "utf-8"},       {"utf-8-sig", "utf-8"},  {"ascii", "utf-8"},
    {"latin-1", "latin-1"},     {"latin1", "latin-1"},   {"iso-8859-1", "latin-1"}, {"iso8859-1", "latin-1"},
    {"utf-16", "utf-16"},       {"utf16", "utf-16"},     {"utf-16-le", "utf-16"}, {"utf-16le", "utf-16"},
};

std::string encoding_of(const Uri& uri) {
  const std::string wanted = to_lower(uri.parameter("encoding").value_or("utf-8"));
  for (const Encoding& encoding : kEncodings) {
    if (wanted == encoding.written) return encoding.name;
  }
  throw Error(ErrorKind::unsupported,
              fmt::format("--source-uri has the encoding \"{}\", which cannot be read; those that can are utf-8, latin-1 and "
                          "utf-16 (little-endian)",
                          shorten(wanted, 30)));
}

[[noreturn]] void refuse(ErrorKind kind, const fs::path& path, std::string_view why) {
  throw Error(kind, fmt::format("--source-uri names {}: {}", path.string(), why));
}

void check_readable(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found || error == std::errc::not_a_directory) {
    refuse(ErrorKind::not_found, path,
           fmt::format("there is no such file in {}", path.is_absolute() ? path.parent_path().string() : fs::current_path().string()));
  }
  if (fs::is_directory(status)) refuse(ErrorKind::usage, path, "it is a directory; name a file in it");
  if (::access(path.c_str(), R_OK) != 0) {
    refuse(ErrorKind::auth, path, "no permission to read it; change its owner or mode");
  }
  if (!fs::is_regular_file(status)) refuse(ErrorKind::unsupported, path, "it is no regular file, and it is read twice");
}

// Little-endian is what DuckDB takes UTF-16 for.
void check_byte_order(const File& file) {
  if (file.encoding != "utf-16" || file.compressed) return;
  char mark[2] = {};
  std::ifstream(file.path, std::ios::binary).read(mark, sizeof(mark));
  if (mark[0] == '\xFE' && mark[1] == '\xFF') {
    refuse(ErrorKind::unsupported, file.path, "it is big-endian UTF-16, which cannot be read; convert it to UTF-8");
  }
}

}  // namespace

std::string File::sql() const {
  std::string pattern;
  for (const char c : fs::absolute(path).string()) {
    if (c == '*' || c == '?' || c == '[') {
      pattern += fmt::format("[{}]", c);
    } else {
      pattern += c;
    }
  }
  return duck::quote_text(pattern);
}

File open_file(const Uri& uri) {
  File file;
  file.path = percent_decode(uri.rest);
  if (file.path.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("--source-uri names no file; write {0}://file.{0}, or {0}:///directory/file.{0} for an absolute path",
                            uri.scheme));
  }
  if (file.path.string().find('\0') != std::string::npos) {
    throw Error(ErrorKind::usage, "--source-uri names a file with a NUL byte in it, which no system has");
  }
  file.encoding = encoding_of(uri);
  check_readable(file.path);
  file.bytes = fs::file_size(file.path);
  const std::string extension = to_lower(file.path.extension().string());
  file.compressed = extension == ".gz" || extension == ".zst";
  check_byte_order(file);
  return file;
}

}  // namespace ingestr::files
