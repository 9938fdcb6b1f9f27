// Flags that scripts may use and this version does not have.
#pragma once

#include "app/settings.h"

namespace ingestr {

// Throws Error(unsupported) for the first flag that this version does not have and that asks for
// something else than what happens anyway. To ignore it would do what the user did not want: load a
// column that was to be masked.
void refuse_unavailable(const Settings& settings);

}  // namespace ingestr
