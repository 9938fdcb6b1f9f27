// The destination mysql://: tables of a MySQL or MariaDB server.
#pragma once

#include <memory>

#include "base/uri.h"
#include "engine/connector.h"
#include "engine/context.h"
#include "engine/destination.h"

namespace ingestr {

Connector mysql_destination_connector();

std::unique_ptr<Destination> open_mysql(const Uri& uri, Access access, const Context& context);

}  // namespace ingestr
