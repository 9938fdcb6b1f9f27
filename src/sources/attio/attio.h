// Attio, a CRM: https://docs.attio.com/rest-api. What this connector offers is in attio.md.
#pragma once

#include "engine/connector.h"

namespace ingestr {

// URI: attio://?api_key=K[&base_url=U][&page_size=N].
Connector attio_connector();

}  // namespace ingestr
