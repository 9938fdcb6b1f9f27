// XML as object stores answer with it: without namespaces' prefixes, comments or CDATA, in UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ingestr {

// An element, as <Name Encoded="true">a%26b</Name>.
struct XmlElement {
  std::string attributes;  // as they are written
  std::string text;        // its characters, or, where it holds others, their XML
};

// Each element of that name, in order, wherever it stands. One in another of the same name is not looked for.
std::vector<XmlElement> xml_elements(std::string_view xml, std::string_view name);
// The text of the first one; empty: there is none.
std::string xml_text(std::string_view xml, std::string_view name);
// "a&b" from "a&amp;b": the five entities of XML, and characters by number. What is none of them stays as it is.
std::string xml_decoded(std::string_view text);
// The other way round, for the text of an element or of an attribute in quotes of either kind; a \r, which readers take for \n, by its number.
std::string xml_encoded(std::string_view text);

}  // namespace ingestr
