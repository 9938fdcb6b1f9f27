// Definition: an attribute as the schema endpoints show it.
#pragma once

#include <string>

#include "call.h"

namespace sandbox {

// Without its closing brace, so that keys can be added.
std::string definition_json(const Workspace& workspace, const Owner& owner,
                            const Attribute& attribute);

}  // namespace sandbox
