// Functions of ours that SQL can call.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "duck/connection.h"

namespace ingestr::duck {

// From text to text; of NULL it is NULL. `of` is called by several threads at once, and the same text gives the same result
// as long as the engine lives.
struct TextFunction {
  std::string name;  // one that is used for nothing else in the engine
  std::function<std::string(std::string_view)> of;
};

// Makes it known to every connection of the engine, for as long as that lives.
void register_function(Connection& connection, TextFunction function);

}  // namespace ingestr::duck
