// The destination postgres://: tables of a PostgreSQL database.
#pragma once

#include <memory>

#include "base/uri.h"
#include "duck/database.h"
#include "engine/connector.h"
#include "engine/context.h"
#include "engine/destination.h"

namespace ingestr {

Connector postgres_destination_connector();

// The same destination; its rows go through `engine`, if that is not nothing.
std::unique_ptr<Destination> open_postgres(const Uri& uri, Access access, const Context& context,
                                           std::shared_ptr<const duck::Database> engine = nullptr);

}  // namespace ingestr
