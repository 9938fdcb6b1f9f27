// Who the server is, and who asks it. Private to session.cc.
#pragma once

#include <string>

#include "sftp/place.h"

struct ssh_session_struct;

namespace ingestr::sftp {

// Throws Error(auth) unless the host's key is the one that is expected.
void check_host(ssh_session_struct* ssh, const Place& place);

// By the key that is named, the password, or else an agent's keys and those of ~/.ssh. Throws Error: auth, usage for a key file that
// cannot be used, and returns false when the connection is lost.
bool log_in(ssh_session_struct* ssh, const Place& place);

// What libssh last said, or the server by it, as a line.
std::string last_words(ssh_session_struct* ssh);

}  // namespace ingestr::sftp
