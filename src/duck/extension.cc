#include "duck/extension.h"

#include <dlfcn.h>
#include <duckdb.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "duck/extension_checksums.h"
#include "duck/text.h"

namespace ingestr::duck {
namespace {

constexpr size_t kExtensions = std::size(kExtensionChecksums);
constexpr size_t kPiece = 1 << 20;

std::string_view file_stem(Extension extension) {
  switch (extension) {
    case Extension::avro:
      return "avro";
    case Extension::azure:
      return "azure";
    case Extension::httpfs:
      return "httpfs";
    case Extension::mysql:
      return "mysql_scanner";
    case Extension::postgres:
      return "postgres_scanner";
    case Extension::sqlite:
      return "sqlite_scanner";
  }
  throw Error(ErrorKind::internal, "an extension without a name");
}

[[noreturn]] void refuse(Extension extension, std::string_view why) {
  throw Error(ErrorKind::unavailable, fmt::format("the extension {} cannot be loaded; the folder lib beside the program belongs to it, so copy "
                                                  "both, or build again ({})",
                                                  file_stem(extension), why));
}

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// In hexadecimal digits.
std::string sha512_of(const std::filesystem::path& path, Extension extension) {
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(extension, fmt::format("{} cannot be read", path.string()));
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  bool worked = EVP_DigestInit_ex(context.get(), EVP_sha512(), nullptr) == 1;
  std::vector<char> piece(kPiece);
  while (worked && (file.read(piece.data(), static_cast<std::streamsize>(piece.size())), file.gcount() > 0)) {
    worked = EVP_DigestUpdate(context.get(), piece.data(), static_cast<size_t>(file.gcount())) == 1;
  }
  if (!worked || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) throw Error(ErrorKind::internal, "OpenSSL works out no SHA-512");
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

}  // namespace

std::string extension_directory() {
  Dl_info library{};
  if (::dladdr(reinterpret_cast<const void*>(&duckdb_open_ext), &library) == 0 ||
      library.dli_fname == nullptr) {
    throw Error(ErrorKind::internal, "the system does not say where DuckDB's library lies");
  }
  return std::filesystem::absolute(library.dli_fname).parent_path() / "duckdb_extensions";
}

void check_extension_file(const std::filesystem::path& file, Extension extension) {
  const auto built_with = std::ranges::find(kExtensionChecksums, file_stem(extension), [](const auto& each) { return each.first; });
  const std::string found = sha512_of(file, extension);
  if (found != built_with->second) refuse(extension, fmt::format("{} is not the file that the program was built with", file.string()));
}

std::string load_sql(Extension extension) {
  static std::array<std::once_flag, kExtensions> checked;
  const std::filesystem::path file = std::filesystem::path(extension_directory()) / duckdb_library_version() / "linux_amd64" /
                                     fmt::format("{}.duckdb_extension", file_stem(extension));
  std::call_once(checked.at(static_cast<size_t>(extension)), [&] { check_extension_file(file, extension); });
  return fmt::format("LOAD {}", file_stem(extension));
}

void load(Connection& connection, Extension extension) {
  const std::string statement = load_sql(extension);
  try {
    connection.execute(statement);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    refuse(extension, error.what());
  }
}

}  // namespace ingestr::duck
