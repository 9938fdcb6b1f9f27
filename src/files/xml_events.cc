#include "files/xml_events.h"

#include <expat.h>
#include <fmt/format.h>

#include <exception>
#include <memory>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"

namespace ingestr::files {
namespace {

constexpr int kXmlPiece = 1 << 16;
constexpr uint64_t kLongestTag = 32'000'000;  // Expat keeps one in memory
constexpr int kDeepestElement = 100;

std::string_view without_prefix(const char* name) {
  const std::string_view text(name);
  return text.substr(text.rfind(':') + 1);  // npos + 1 is 0
}

// What one parser says; an exception must not go through its C.
struct XmlRun {
  XML_Parser parser;
  XmlHandler& handler;
  int depth = 0;
  uint64_t quiet = 0;  // bytes since it last said anything
  std::exception_ptr thrown{};
  bool is_refused = false;

  template <class Work>
  void guarded(Work&& work) {
    quiet = 0;
    if (thrown || is_refused) return;
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
      XML_StopParser(parser, XML_FALSE);
    }
  }
  void refuse() {
    is_refused = true;
    XML_StopParser(parser, XML_FALSE);
  }
};

void on_begin(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& run = *static_cast<XmlRun*>(data);
  if (++run.depth > kDeepestElement) run.refuse();
  run.guarded([&] { run.handler.begin(without_prefix(name), XmlAttributes(attributes)); });
}

void on_end(void* data, const XML_Char* name) {
  auto& run = *static_cast<XmlRun*>(data);
  --run.depth;
  run.guarded([&] { run.handler.end(without_prefix(name)); });
}

void on_text(void* data, const XML_Char* text, int length) {
  auto& run = *static_cast<XmlRun*>(data);
  run.guarded([&] { run.handler.text({text, static_cast<size_t>(length)}); });
}

void on_document_type(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) { static_cast<XmlRun*>(data)->refuse(); }

}  // namespace

const char* XmlAttributes::find(std::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    if (name == *pair) return pair[1];
  }
  return nullptr;
}

const char* XmlAttributes::find_prefixed(std::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    const std::string_view full(*pair);
    if (full.size() > name.size() && full.ends_with(name) && full[full.size() - name.size() - 1] == ':') return pair[1];
  }
  return nullptr;
}

void read_xml(ZipPartReader& part, XmlHandler& handler, const std::stop_token& stop) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr), &XML_ParserFree);
  if (!parser) throw std::bad_alloc();
  XmlRun run{.parser = parser.get(), .handler = handler};
  XML_SetUserData(parser.get(), &run);
  XML_SetElementHandler(parser.get(), on_begin, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_document_type);
  for (bool is_last = false; !is_last;) {
    throw_if_stopped(stop);
    void* buffer = XML_GetBuffer(parser.get(), kXmlPiece);
    if (buffer == nullptr) throw std::bad_alloc();
    const size_t got = part.read(static_cast<char*>(buffer), kXmlPiece);
    is_last = got == 0;
    run.quiet += got;
    const XML_Status status = XML_ParseBuffer(parser.get(), static_cast<int>(got), is_last);
    if (run.thrown) std::rethrow_exception(run.thrown);
    if (status == XML_STATUS_OK && run.quiet <= kLongestTag) continue;
    const bool is_known = !run.is_refused && status != XML_STATUS_OK;
    throw Error(ErrorKind::bad_data, fmt::format("it is a damaged workbook: {} in it is no XML that can be read ({}, line {}); open it with the "
                                                 "program that made it, or fetch it again",
                                                 shorten(part.name(), 60),
                                                 is_known ? XML_ErrorString(XML_GetErrorCode(parser.get())) : "nothing that a workbook has",
                                                 XML_GetCurrentLineNumber(parser.get())));
  }
}

}  // namespace ingestr::files
