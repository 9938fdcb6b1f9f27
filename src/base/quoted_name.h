// Names in double quotes, as lists on the command line have them: "a,b" is one name, "a ""b""" has quotes in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr {

// Where the quoted name ends that `text` begins with: behind its last quote. 0: it begins with none. Throws Error(usage) when it does not end.
size_t end_of_quoted_name(std::string_view text);

// What is written so; without quotes at both ends it is the name itself.
std::string name_written(std::string_view text);

// The parts between the separators, without white space around; a separator in quotes that begin a part is none.
std::vector<std::string_view> split_names(std::string_view text, char separator);

}  // namespace ingestr
