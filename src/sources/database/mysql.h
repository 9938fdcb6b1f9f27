// The source mysql://: tables and queries of a MySQL or MariaDB database.
#pragma once

#include "engine/connector.h"

namespace ingestr {

Connector mysql_connector();

}  // namespace ingestr
