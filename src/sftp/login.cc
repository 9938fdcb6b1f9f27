#include "sftp/login.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libssh/libssh.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::sftp {
namespace {

using Key = std::unique_ptr<ssh_key_struct, decltype(&ssh_key_free)>;

constexpr size_t kShownWords = 160;
constexpr int kMostQuestions = 10;  // rounds of them, which a server could ask without an end

struct HostKey {
  std::string type;         // "ssh-ed25519"
  std::string fingerprint;  // "SHA256:…"
};

HostKey host_key(ssh_session ssh) {
  ssh_key raw = nullptr;
  if (ssh_get_server_publickey(ssh, &raw) != SSH_OK) throw Error(ErrorKind::unavailable, "the server has shown no host key");
  const Key key(raw, ssh_key_free);
  unsigned char* hash = nullptr;
  size_t size = 0;
  if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != 0) throw std::bad_alloc();
  const std::unique_ptr<char, decltype(&ssh_string_free_char)> text(ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size),
                                                                    ssh_string_free_char);
  ssh_clean_pubkey_hash(&hash);
  return {ssh_key_type_to_char(ssh_key_type(key.get())), text.get()};
}

// What `ssh-keyscan` and `ssh-keygen -R` take.
std::string keyscan(const Authority& who) { return fmt::format("ssh-keyscan -p {} {}", who.port, who.host); }

[[noreturn]] void refuse_host(const Authority& who, const std::string& why) {
  throw Error(ErrorKind::auth, fmt::format("the host key of {} {}", who.server(), why));
}

[[noreturn]] void refuse_user(const Place& place, ssh_session ssh, std::string_view tried) {
  std::vector<std::string> ways;
  const int methods = ssh_userauth_list(ssh, nullptr);
  if ((methods & SSH_AUTH_METHOD_PUBLICKEY) != 0) ways.emplace_back("a key (identity_file)");
  if ((methods & (SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE)) != 0) ways.emplace_back("a password");
  throw Error(ErrorKind::auth, fmt::format("{} refuses the user {} with {}{}; check them", place.who.server(), place.who.user, tried,
                                           ways.empty() ? "" : fmt::format(", it takes {}", fmt::join(ways, " or "))));
}

// Answers every question that is not to be shown by the password, as `ssh` users would.
int answer_questions(ssh_session ssh, const std::string& password) {
  int result = ssh_userauth_kbdint(ssh, nullptr, nullptr);
  for (int round = 0; result == SSH_AUTH_INFO && round < kMostQuestions; ++round) {
    const int questions = ssh_userauth_kbdint_getnprompts(ssh);
    for (int i = 0; i < questions; ++i) {
      char shown = 0;
      ssh_userauth_kbdint_getprompt(ssh, static_cast<unsigned>(i), &shown);
      ssh_userauth_kbdint_setanswer(ssh, static_cast<unsigned>(i), shown != 0 ? "" : password.c_str());
    }
    result = ssh_userauth_kbdint(ssh, nullptr, nullptr);
  }
  return result == SSH_AUTH_INFO ? SSH_AUTH_DENIED : result;
}

int try_key_file(ssh_session ssh, const Place& place) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(place.identity_file, error)) {
    throw Error(ErrorKind::usage, fmt::format("identity_file names {}, which is no file; name that of a private key", place.identity_file));
  }
  ssh_key raw = nullptr;
  const char* passphrase = place.passphrase.empty() ? nullptr : place.passphrase.c_str();
  if (ssh_pki_import_privkey_file(place.identity_file.c_str(), passphrase, nullptr, nullptr, &raw) != SSH_OK) {
    throw Error(ErrorKind::usage,
                fmt::format("the private key {} cannot be used; {}", place.identity_file,
                            place.passphrase.empty() ? "may this user read it, and has it a passphrase, which passphrase= or SFTP_PASSPHRASE gives?"
                                                     : "may this user read it, and is the passphrase the right one?"));
  }
  const Key key(raw, ssh_key_free);
  return ssh_userauth_publickey(ssh, nullptr, key.get());
}

int try_password(ssh_session ssh, const Place& place) {
  const int methods = ssh_userauth_list(ssh, nullptr);
  int result = SSH_AUTH_DENIED;
  if (methods == 0 || (methods & SSH_AUTH_METHOD_PASSWORD) != 0) result = ssh_userauth_password(ssh, nullptr, place.who.password.c_str());
  const bool may_be_asked = result == SSH_AUTH_DENIED && (methods & SSH_AUTH_METHOD_INTERACTIVE) != 0;
  return may_be_asked ? answer_questions(ssh, place.who.password) : result;
}

}  // namespace

std::string last_words(ssh_session ssh) { return shorten(trim(ssh_get_error(ssh)), kShownWords); }

void check_host(ssh_session ssh, const Place& place) {
  const Authority& who = place.who;
  const HostKey key = host_key(ssh);
  if (!place.host_fingerprint.empty()) {
    if (key.fingerprint == place.host_fingerprint) return;
    refuse_host(who, fmt::format("is {} {}, and not {} as host_fingerprint says; ask whoever keeps the server which is right", key.type,
                                 key.fingerprint, place.host_fingerprint));
  }
  const std::string file = place.known_hosts.empty() ? "~/.ssh/known_hosts" : place.known_hosts;
  switch (ssh_session_is_known_server(ssh)) {
    case SSH_KNOWN_HOSTS_OK:
      return;
    case SSH_KNOWN_HOSTS_CHANGED:
    case SSH_KNOWN_HOSTS_OTHER:
      refuse_host(who, fmt::format("is {} {}, and not the one that {} has for it: somebody may be listening in between, or the server has got "
                                   "a new key; ask whoever keeps it, and then correct that file",
                                   key.type, key.fingerprint, file));
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND:
    case SSH_KNOWN_HOSTS_ERROR:
      break;
  }
  refuse_host(who, fmt::format("is not known, it is {} {}; ask whoever keeps the server whether that is right, and then add it to {} (`{}` prints "
                               "the line), or say host_fingerprint={}",
                               key.type, key.fingerprint, file, keyscan(who), key.fingerprint));
}

bool log_in(ssh_session ssh, const Place& place) {
  int result = ssh_userauth_none(ssh, nullptr);  // the server then says what it takes
  std::string_view tried = "the keys of the agent and of ~/.ssh";
  if (result != SSH_AUTH_SUCCESS && result != SSH_AUTH_ERROR) {
    const bool has_password = !place.who.password.empty();
    if (!place.identity_file.empty()) {
      tried = has_password ? "this key and this password" : "this key";
      result = try_key_file(ssh, place);
    }
    if (has_password && result != SSH_AUTH_SUCCESS && result != SSH_AUTH_ERROR) {
      if (place.identity_file.empty()) tried = "this password";
      result = try_password(ssh, place);
    }
    if (!has_password && place.identity_file.empty()) {
      result = ssh_userauth_publickey_auto(ssh, nullptr, place.passphrase.empty() ? nullptr : place.passphrase.c_str());
    }
  }
  if (result == SSH_AUTH_SUCCESS) return true;
  if (result == SSH_AUTH_ERROR && ssh_is_connected(ssh) == 0) return false;
  refuse_user(place, ssh, tried);
}

}  // namespace ingestr::sftp
