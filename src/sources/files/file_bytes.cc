#include "sources/files/file_bytes.h"

#include <algorithm>

namespace ingestr::files {

FileBytes::FileBytes(const std::string& path) : bytes_(path, std::ios::binary | std::ios::ate) {
  size_ = static_cast<uint64_t>(std::max<std::streamoff>(bytes_.tellg(), 0));
}

std::string FileBytes::at(uint64_t offset, uint64_t most) {
  std::string bytes(std::min(size_ - std::min(offset, size_), most), '\0');
  if (!bytes_.seekg(static_cast<std::streamoff>(offset)) || !bytes_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) bytes.clear();
  return bytes;
}

}  // namespace ingestr::files
