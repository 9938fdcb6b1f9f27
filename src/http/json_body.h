// Whether a body is JSON from its first byte to its last.
#pragma once

#include <optional>
#include <string>

namespace ingestr {

// Nothing when `body` is one JSON object or array, valid all the way down (RFC 8259, with at most
// 1,000 levels and lone surrogates allowed), with nothing but white space around it: who cuts a
// value out of it has valid JSON. Numbers of any size pass. Otherwise what is there instead, e.g.
// "a JSON body that is cut off after 4,096 bytes" or "an empty body". About 1 ms for 1.5 MB. It is
// copied when it has less than kBodyPadding spare bytes of capacity.
std::optional<std::string> json_defect(const std::string& body);

}  // namespace ingestr
