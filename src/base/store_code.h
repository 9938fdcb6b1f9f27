// What S3, and what speaks its language, calls what goes wrong; see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
#pragma once

#include <string_view>

namespace ingestr {

// Of a code, or of words that have one in them.
bool tells_of_other_region(std::string_view words);
bool tells_of_old_token(std::string_view words);

}  // namespace ingestr
