// The source jsonl://: one file with a JSON object on each line, read by the embedded engine.
#pragma once

#include "engine/connector.h"

namespace ingestr {

Connector jsonl_connector();

}  // namespace ingestr
