// The source postgres://: tables and queries of a PostgreSQL database.
#pragma once

#include "engine/connector.h"

namespace ingestr {

Connector postgres_connector();

}  // namespace ingestr
