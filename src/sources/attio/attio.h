// Attio, a CRM: https://docs.attio.com/rest-api. What this connector offers is in attio.md.
#pragma once

#include "engine/connector.h"

namespace ingestr {

// URI: attio://?api_key=K, and the parameters that attio.md has.
Connector attio_connector();

}  // namespace ingestr
