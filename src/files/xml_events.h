// XML of any length, as it comes out of an archive, by Expat.
#pragma once

#include <stop_token>
#include <string_view>

#include "files/zip_archive.h"

namespace ingestr::files {

// The attributes of an element.
class XmlAttributes {
 public:
  // Names and values in turn, and a null; with the prefixes that they are written with.
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}
  // Of the attribute that is called so exactly; null: there is none.
  const char* find(std::string_view name) const;
  // Of the first one that has a prefix and is called so behind it.
  const char* find_prefixed(std::string_view name) const;

 private:
  const char* const* pairs_;
};

// Names come without the prefixes of their namespaces: what is read here has each name once, in the strict form of the format as in
// the other one.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void begin(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view) {}
  // In pieces.
  virtual void text(std::string_view) {}
};

// Tells the handler what there is, to the end. Throws what the handler throws, Error(bad_data) for what is no XML or has a document type,
// which no workbook has and which could blow up, and Error(cancelled).
void read_xml(ZipPartReader& part, XmlHandler& handler, const std::stop_token& stop);

}  // namespace ingestr::files
