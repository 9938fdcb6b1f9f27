// How all calls of libssh are made that wait for a server. Private to session*.cc.
#pragma once

#include "sftp/session.h"

namespace ingestr::sftp {

template <class Call>
auto Session::wait(Call&& call, std::optional<std::chrono::milliseconds> patience) const {
  const Watch::Waiting waiting(*watch_, patience.value_or(patience_.working));
  return call();
}

}  // namespace ingestr::sftp
