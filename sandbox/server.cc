#include "server.h"

#include <httplib.h>
#include <netinet/in.h>
#include <zlib.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

namespace sandbox {
namespace {

// Each kept-alive connection holds one thread, and latency is slept in it.
constexpr size_t kThreads = 256;
constexpr int kBacklog =
    1024;  // the library's 5 makes a burst of connects wait a second for a second try
constexpr int kMostSockets = 4096;

int port_of(const sockaddr_in& address) {
  return ntohs(address.sin_port);
}

// Calls `visit(socket, remote port)` for each open connection that was made to `local_port`. The
// library does not hand out the sockets of its connections, but a reset needs one.
template <typename Visit>
void for_each_connection(int local_port, Visit visit) {
  for (int fd = 3; fd < kMostSockets; ++fd) {
    sockaddr_in local{}, remote{};
    socklen_t local_size = sizeof local, remote_size = sizeof remote;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&local), &local_size) != 0 ||
        local.sin_family != AF_INET)
      continue;
    if (port_of(local) != local_port ||
        getpeername(fd, reinterpret_cast<sockaddr*>(&remote), &remote_size) != 0)
      continue;
    visit(fd, port_of(remote));
  }
}

// Linux sends a TCP reset when a connected socket is "connected" to nowhere. The descriptor stays
// the library's, which finds it broken and closes it.
void reset_connection(int local_port, int remote_port) {
  for_each_connection(local_port, [&](int fd, int peer) {
    if (peer != remote_port) return;
    sockaddr nowhere{};
    nowhere.sa_family = AF_UNSPEC;
    connect(fd, &nowhere, sizeof nowhere);
  });
}

std::string gzipped(const std::string& body) {
  constexpr int kGzipWindow = 15 + 16;
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, body.size()), '\0');
  stream.next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Request to_request(const httplib::Request& from) {
  return {from.method,
          from.target,
          from.body,
          from.get_header_value("Authorization"),
          from.get_header_value("User-Agent"),
          from.get_header_value("Accept-Encoding")};
}

}  // namespace

struct Server::Parts {
  Handler handler;
  bool gzip;
  httplib::Server http;
  int listening_socket = -1;
  int port = 0;
  std::mutex mutex;
  std::condition_variable stop_signal;
  bool stopped = false;

  void answer(const httplib::Request& from, httplib::Response& to) {
    const Request request = to_request(from);
    deliver(handler(request), request, from.remote_port, to);
  }

  void deliver(Reply reply, const Request& request, int remote_port, httplib::Response& to) {
    to.status = reply.status;
    for (const auto& [name, value] : reply.headers) to.set_header(name, value);
    if (gzip && reply.body.size() > 1000 &&
        request.accept_encoding.find("gzip") != std::string::npos) {
      reply.body = gzipped(reply.body);
      to.set_header("Content-Encoding", "gzip");
    }
    if (reply.delivery == Delivery::reset) reset_connection(port, remote_port);
    const bool whole = reply.delivery == Delivery::complete || reply.delivery == Delivery::reset;
    if (whole &&
        !reply.content_type.starts_with("text/")) {  // the library would compress text by itself
      to.set_header("Content-Type", reply.content_type);
      to.body = std::move(reply.body);
      return;
    }
    deliver_in_parts(std::make_shared<Reply>(std::move(reply)), remote_port, to);
  }

  void deliver_in_parts(std::shared_ptr<Reply> reply, int remote_port, httplib::Response& to) {
    const size_t size = std::max<size_t>(reply->body.size(), 2);
    reply->body.resize(size, ' ');  // an empty body has no middle
    to.set_content_provider(
        size, reply->content_type, [=, this](size_t offset, size_t, httplib::DataSink& sink) {
          if (reply->delivery == Delivery::complete) return sink.write(reply->body.data(), size);
          if (offset == 0) return sink.write(reply->body.data(), size / 2);
          if (reply->delivery == Delivery::stall_in_body) {
            pause(reply->stall_seconds);
            return sink.write(reply->body.data() + offset, size - offset);
          }
          if (reply->delivery == Delivery::reset_in_body) {
            pause(0.05);  // a reset overtakes what the client's kernel has not yet taken
            reset_connection(port, remote_port);
          }
          return false;  // closes the connection
        });
  }

  void pause(double seconds) {
    std::unique_lock lock(mutex);
    stop_signal.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return stopped; });
  }
};

Server::Server(Handler handler, bool gzip) : parts_(std::make_unique<Parts>()) {
  parts_->handler = std::move(handler);
  parts_->gzip = gzip;
  auto& http = parts_->http;
  const auto answer = [parts = parts_.get()](const httplib::Request& from, httplib::Response& to) {
    parts->answer(from, to);
  };
  const std::string everything = "[\\s\\S]*";
  http.Get(everything, answer);
  http.Post(everything, answer);
  http.Put(everything, answer);
  http.Patch(everything, answer);
  http.Delete(everything, answer);
  http.Options(everything, answer);
  // The library would wait for the end of a body that never comes, if a POST does not say how long
  // it is.
  http.set_pre_routing_handler([answer](const httplib::Request& from, httplib::Response& to) {
    const bool has_body = from.has_header("Content-Length") || from.has_header("Transfer-Encoding");
    if (from.method == "GET" || from.method == "HEAD" || has_body)
      return httplib::Server::HandlerResponse::Unhandled;
    answer(from, to);
    return httplib::Server::HandlerResponse::Handled;
  });
  http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  http.set_tcp_nodelay(true);
  http.set_keep_alive_max_count(1'000'000'000);
  http.set_keep_alive_timeout(300);
  http.set_read_timeout(300);
  http.set_write_timeout(600);  // a client that reads slowly is no fault
  // Not the library's default, which lets two servers share a port.
  http.set_socket_options([parts = parts_.get()](int socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    parts->listening_socket = socket;
  });
}

Server::~Server() = default;

int Server::bind(int port) {
  auto& http = parts_->http;
  const std::string host = "127.0.0.1";
  parts_->port = port == 0                       ? http.bind_to_any_port(host)
                 : http.bind_to_port(host, port) ? port
                                                 : -1;
  if (parts_->port < 0)
    throw std::runtime_error("cannot bind to 127.0.0.1:" + std::to_string(port));
  listen(parts_->listening_socket, kBacklog);
  return parts_->port;
}

void Server::run() {
  parts_->http.listen_after_bind();
}

void Server::stop() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->stopped = true;
  }
  parts_->stop_signal.notify_all();
  parts_->http.stop();
  for_each_connection(parts_->port, [](int fd, int) { shutdown(fd, SHUT_RDWR); });
}

}  // namespace sandbox
