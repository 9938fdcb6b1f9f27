// The source csv://: one file of rows with a header, read by the embedded engine.
#pragma once

#include "engine/connector.h"

namespace ingestr {

Connector csv_connector();

}  // namespace ingestr
