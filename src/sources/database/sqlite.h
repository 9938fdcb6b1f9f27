// The source sqlite://: tables and queries of an SQLite file.
#pragma once

#include "engine/connector.h"

namespace ingestr {

Connector sqlite_connector();

}  // namespace ingestr
