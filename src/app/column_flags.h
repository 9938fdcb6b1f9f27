// What the flags about columns ask for.
#pragma once

#include "app/settings.h"
#include "engine/wishes.h"

namespace ingestr {

// Throws Error(usage), naming who set it, for what is wrong with --columns, --no-inference, --schema-naming or --mask as far
// as that is known without the source.
ColumnWishes column_wishes(const Settings& settings);

}  // namespace ingestr
