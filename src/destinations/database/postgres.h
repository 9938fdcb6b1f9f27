// The destination postgres://: tables of a PostgreSQL database.
#pragma once

#include "engine/connector.h"

namespace ingestr {

Connector postgres_destination_connector();

}  // namespace ingestr
