#include "sources/files/unreadable.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/text.h"
#include "duck/engine_words.h"
#include "sources/files/files.h"

namespace ingestr::files {
namespace {

struct Meaning {
  std::string_view words;  // the engine's
  std::string_view what;
};

constexpr Meaning kMeanings[] = {
    {"too small to be a Parquet file", "it is no Parquet file; name the right file, or get it again"},
    {"No magic bytes found", "it is no Parquet file, or it is cut short; name the right file, or get it again"},
    {"is encrypted, but", "it is encrypted, which cannot be read; write it without encryption"},
    {"Could not convert Timestamp(", "it has a timestamp that is out of range, for the years from 290309 BC to 294247 can be read; write the column "
                                     "as text or as integers"},
    {"Recursive Avro types", "it has a record that holds itself, which cannot be read; write that field as text, such as JSON"},
    {"decompression failure", kCutShort},
    {"likely corrupted", kCutShort},
    {"invalid unicode string", kCutShort},
};

}  // namespace

bool is_of_contents(const Error& error) {
  return std::string_view(error.what()).starts_with(duck::kEngineWords) && (error.kind() == ErrorKind::bad_data || error.kind() == ErrorKind::internal);
}

Error unreadable(const Error& error) {
  if (!is_of_contents(error)) return error;
  const std::string_view words = error.what();
  const auto* known = std::ranges::find_if(kMeanings, [&](const Meaning& meaning) { return contains(words, meaning.words); });
  if (known != std::end(kMeanings)) return Error(ErrorKind::bad_data, std::string(known->what));
  return Error(ErrorKind::bad_data, fmt::format("it is damaged, or is not what its name says; get it again, or write it anew ({})", words.substr(duck::kEngineWords.size())));
}

}  // namespace ingestr::files
