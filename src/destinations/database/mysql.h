// The destination mysql://: tables of a MySQL or MariaDB server.
#pragma once

#include <memory>

#include "base/uri.h"
#include "duck/database.h"
#include "engine/connector.h"
#include "engine/context.h"
#include "engine/destination.h"

namespace ingestr {

Connector mysql_destination_connector();

// The same destination; its rows go through `engine`, if that is not nothing.
std::unique_ptr<Destination> open_mysql(const Uri& uri, Access access, const Context& context,
                                        std::shared_ptr<const duck::Database> engine = nullptr);

}  // namespace ingestr
