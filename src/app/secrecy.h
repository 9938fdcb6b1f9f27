// Keeps keys out of sight: out of the process's title and environment, and out of everything
// printed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/catalog.h"
#include "base/environment.h"
#include "base/secrets.h"

namespace ingestr {

// The arguments behind the program's name, copied. In the memory of `argv`, which `ps` and
// /proc/PID/cmdline show, what follows "://" in any of them becomes asterisks, and so does the
// whole value of a flag that takes a URI or a mask when there is no
// "://" in it. Call it first of all: until then the key is visible.
std::vector<std::string> take_arguments(int argc, char** argv);

// All variables of `environ`, copied. In its memory, which /proc/PID/environ shows, the values of
// the variables named become asterisks. Call it before there is a second thread.
std::map<std::string, std::string> take_environment(
    char** environ, const std::vector<std::string>& secret_variables);

// The variables whose values may hold a key: those of flags that take a URI or a mask, and those that
// connectors declare.
std::vector<std::string> secret_variables(const Catalog& catalog);

// Adds to `secrets` what must not be printed, before anything is: in each argument and in the
// values of secret variables and proxies, the values of parameters that some connector declares as
// secret or whose name says so, as written and decoded, the password of `user:password@`, and the
// key of a mask `column:hmac:key`.
void remember_secrets(const std::vector<std::string>& arguments, const Environment& environment,
                      const Catalog& catalog, Secrets& secrets);

}  // namespace ingestr
