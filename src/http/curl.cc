#include "http/curl.h"

#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "base/error.h"
#include "base/version.h"
#include "http/curl_transfer.h"
#include "http/proxy.h"

namespace ingestr {
namespace {

// Host names and TLS sessions, shared by all handles: the second connection to a server costs no
// look-up and a shorter handshake. Not the connections themselves: libcurl cannot share them
// between threads.
class Share {
 public:
  Share() : handle_(curl_share_init()) {
    if (handle_ == nullptr) throw std::bad_alloc();
    curl_share_setopt(handle_, CURLSHOPT_USERDATA, this);
    curl_share_setopt(handle_, CURLSHOPT_LOCKFUNC, &Share::lock);
    curl_share_setopt(handle_, CURLSHOPT_UNLOCKFUNC, &Share::unlock);
    curl_share_setopt(handle_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(handle_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  }
  ~Share() { curl_share_cleanup(handle_); }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  CURLSH* handle() { return handle_; }

 private:
  static void lock(CURL*, curl_lock_data data, curl_lock_access, void* self) {
    static_cast<Share*>(self)->mutexes_[data].lock();
  }
  static void unlock(CURL*, curl_lock_data data, void* self) {
    static_cast<Share*>(self)->mutexes_[data].unlock();
  }

  CURLSH* handle_;
  std::array<std::mutex, CURL_LOCK_DATA_LAST> mutexes_;
};

CurlSettings make_settings(const Environment& environment, const CurlOptions& options) {
  return {
      .options = options,
      .user_agent = "ingestr/" + std::string(kVersion),
      .http_proxy = proxy_of(environment, false),
      .https_proxy = proxy_of(environment, true),
      .no_proxy = first_of(environment, {"no_proxy", "NO_PROXY"}),
      .ca_file = first_of(environment, {"SSL_CERT_FILE"}),
      .ca_folder = first_of(environment, {"SSL_CERT_DIR"}),
  };
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(const HttpServices& services, const CurlOptions& options)
      : settings_(make_settings(services.environment, options)),
        clock_(services.clock),
        stop_(services.stop) {}

  HttpResponse send(const HttpRequest& request) override {
    const Loan loan(*this);
    return loan->perform(request);
  }

 private:
  // A handle that goes back to the free ones, whatever happened to it: libcurl drops a connection
  // that failed.
  class Loan {
   public:
    explicit Loan(CurlClient& client) : client_(client), transfer_(client.take()) {}
    ~Loan() {
      std::lock_guard lock(client_.mutex_);
      client_.free_.push_back(std::move(transfer_));  // room was made in take()
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    CurlTransfer* operator->() const { return transfer_.get(); }

   private:
    CurlClient& client_;
    std::unique_ptr<CurlTransfer> transfer_;
  };

  std::unique_ptr<CurlTransfer> take() {
    std::lock_guard lock(mutex_);
    if (free_.empty()) {
      free_.reserve(++made_);
      return std::make_unique<CurlTransfer>(settings_, share_.handle(), clock_, stop_);
    }
    // The one that came back last: its connection is the least likely to have died of age.
    auto transfer = std::move(free_.back());
    free_.pop_back();
    return transfer;
  }

  const CurlSettings settings_;
  Clock& clock_;
  const std::stop_token stop_;
  Share share_;
  std::mutex mutex_;
  size_t made_ = 0;
  std::vector<std::unique_ptr<CurlTransfer>> free_;  // ends before the share does
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_client(const HttpServices& services,
                                             const CurlOptions& options) {
  // libcurl wants this once a process; local statics are made once, by one thread.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw Error(ErrorKind::internal, "libcurl cannot be started");
  return std::make_unique<CurlClient>(services, options);
}

}  // namespace ingestr
