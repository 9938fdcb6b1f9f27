#include "sql/made_schemas.h"

#include "base/error.h"
#include "base/interrupt.h"

namespace ingestr {

MadeSchemas::~MadeSchemas() {
  for (const std::string& schema : schemas_) {
    try {
      despite_stop([&] { drop_(schema); });
    } catch (const std::exception&) {
      // Something is in it, so it is of use.
    }
  }
}

}  // namespace ingestr
