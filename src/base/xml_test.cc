#include "base/xml.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Xml, EntitiesAreTheirCharacters) {
  EXPECT_EQ(xml_decoded("a&amp;b&lt;c&gt;d&quot;e&apos;f"), "a&b<c>d\"e'f");
  EXPECT_EQ(xml_decoded("&#65;&#x42;&#xfc;&#9731;&#x1F701;&#13;"), "ABü☃🜁\r");
  EXPECT_EQ(xml_decoded("&amp;amp;"), "&amp;");
  EXPECT_EQ(xml_decoded(""), "");
}

TEST(Xml, WhatIsNoEntityStaysAsItIs) {
  for (const char* text : {"&", "a&b", "&;", "&nope;", "&#;", "&#x;", "&#xD800;", "&#1114112;", "&#-1;", "& amp;", "a & b; c"}) {
    EXPECT_EQ(xml_decoded(text), text);
  }
}

TEST(Xml, ElementsAreFoundByTheirWholeNames) {
  const std::string xml =
      "<?xml version=\"1.0\"?><List><Names>no</Names><Blob><Name>a&amp;b.csv</Name></Blob><Blob><Name Encoded=\"true\">c%01</Name></Blob>"
      "<Blob><Name/></Blob><NextMarker /></List>";
  const auto names = xml_elements(xml, "Name");
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[0].text, "a&b.csv");
  EXPECT_EQ(names[0].attributes, "");
  EXPECT_EQ(names[1].text, "c%01");
  EXPECT_EQ(names[1].attributes, " Encoded=\"true\"");
  EXPECT_EQ(names[2].text, "");
  EXPECT_EQ(xml_text(xml, "NextMarker"), "");
  EXPECT_EQ(xml_text(xml, "Nothing"), "");
  EXPECT_EQ(xml_text("<Code>x", "Code"), "x");
  EXPECT_EQ(xml_text("<Code", "Code"), "");
}

}  // namespace
}  // namespace ingestr
