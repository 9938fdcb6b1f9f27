// What the engine says of a Parquet or Avro file that it cannot read, in sentences for people.
#pragma once

#include "base/error.h"

namespace ingestr::files {

// In one sentence that does not name the file. What is not of its contents, such as a server that does not answer, stays as it is.
Error unreadable(const Error& error);

// Whether unreadable() would say it otherwise.
bool is_of_contents(const Error& error);

}  // namespace ingestr::files
