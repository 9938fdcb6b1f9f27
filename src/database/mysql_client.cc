#include "database/mysql_client.h"

#include <errmsg.h>
#include <fmt/format.h>
#include <mysql.h>
#include <mysqld_error.h>

#include <algorithm>
#include <exception>

#include "base/forced_end.h"
#include "base/text.h"
#include "database/hang_up.h"
#include "database/mysql_failure.h"

namespace ingestr::database {
namespace {

constexpr size_t kWordsBytes = 300;
constexpr unsigned kBinaryCharset = 63;  // of bytes and of all that is no text
constexpr size_t kBytesAtOnce = 16'000;  // that any system takes from who sends them, whether the server does or not

// What a server may have set otherwise for all its sessions. Zero in an AUTO_INCREMENT column is zero. A slow source is no reason for the
// server to hang up, nor a long statement. Catalogs are read whole, and notes say what was cut off.
constexpr const char* kSettings[] = {
    "SET NAMES utf8mb4",
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', "
    "time_zone = '+00:00', wait_timeout = 31536000, net_read_timeout = 31536000, net_write_timeout = 3600, sql_safe_updates = 0, "
    "autocommit = 1, completion_type = 0, sql_notes = 1, max_error_count = 1024, sql_select_limit = 18446744073709551615, sql_big_selects = 1",
};
constexpr const char* kMariadbSettings = "SET SESSION max_statement_time = 0 /*M!100307 , alter_algorithm = 'DEFAULT' */";
constexpr const char* kMysqlSettings = "SET SESSION max_execution_time = 0";

// One load's state, as the callbacks of libmariadb get it.
struct Feed {
  const MysqlClient::Fill* fill;
  std::exception_ptr fault;
};

int feed_begin(void** state, const char*, void* data) {
  *state = data;
  // A server may ask for a file at any time; there is none but what a load gives.
  return data == nullptr ? 1 : 0;
}

int feed_read(void* state, char* bytes, unsigned size) {
  Feed& feed = *static_cast<Feed*>(state);
  try {
    return static_cast<int>((*feed.fill)(bytes, size));
  } catch (...) {
    feed.fault = std::current_exception();
    return -1;
  }
}

void feed_end(void*) {}

int feed_error(void*, char* words, unsigned size) {
  constexpr std::string_view kWords = "there is nothing to load";
  const size_t length = std::min<size_t>(kWords.size(), size - 1);
  std::copy_n(kWords.data(), length, words);
  words[length] = '\0';
  return CR_UNKNOWN_ERROR;
}

// Nothing: what a server gets that asks for a file of its own accord.
void set_feed(MYSQL* connection, Feed* feed) {
  mysql_set_local_infile_handler(connection, feed_begin, feed_read, feed_end, feed_error, feed);
}

const char* or_null(const std::optional<std::string>& text) { return text ? text->c_str() : nullptr; }

void set_tls(MYSQL* connection, const MysqlServer& server, MysqlServer::Tls tls) {
  my_bool on = 1, off = 0;
  if (tls == MysqlServer::Tls::disabled) {
    mysql_optionsv(connection, MYSQL_OPT_SSL_ENFORCE, &off);
    mysql_optionsv(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &off);
    return;
  }
  const auto& files = server.certificates();
  mysql_ssl_set(connection, or_null(files.key), or_null(files.own), or_null(files.authority), nullptr, nullptr);
  mysql_optionsv(connection, MYSQL_OPT_SSL_ENFORCE, &on);
  mysql_optionsv(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, tls == MysqlServer::Tls::verify_identity ? &on : &off);
}

}  // namespace

MysqlClient::Handle MysqlClient::try_connect(const MysqlServer& server, MysqlServer::Tls tls) {
  Handle handle(mysql_init(nullptr), mysql_close);
  if (handle == nullptr) throw std::bad_alloc();
  const unsigned seconds = server.connect_seconds(), local_files = 1;
  mysql_optionsv(handle.get(), MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_optionsv(handle.get(), MYSQL_OPT_LOCAL_INFILE, &local_files);
  mysql_optionsv(handle.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(handle.get(), MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "ingestr");
  // Without a socket file "localhost" is a host like others.
  const Address& address = server.address();
  const unsigned protocol = address.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(handle.get(), MYSQL_OPT_PROTOCOL, &protocol);
  set_tls(handle.get(), server, tls);
  set_feed(handle.get(), nullptr);
  const Waiting waiting;
  mysql_real_connect(handle.get(), address.host.c_str(), address.user.c_str(), address.password.c_str(), address.database.c_str(),
                     address.port, address.socket.empty() ? nullptr : address.socket.c_str(), 0);
  return handle;
}

MysqlClient::Handle MysqlClient::connect(const MysqlServer& server) {
  Handle handle = try_connect(server, server.tls());
  if (mysql_errno(handle.get()) == CR_SSL_CONNECTION_ERROR && server.tls() == MysqlServer::Tls::preferred) {
    handle = try_connect(server, MysqlServer::Tls::disabled);
  }
  if (const unsigned code = mysql_errno(handle.get()); code != 0) {
    throw server.connect_failure(Error(ErrorKind::unavailable, std::string(trim(mysql_error(handle.get())))));
  }
  // The library is content without where no certificate is to be verified.
  const bool may_be_plain = server.tls() == MysqlServer::Tls::disabled || server.tls() == MysqlServer::Tls::preferred;
  if (!may_be_plain && mysql_get_ssl_cipher(handle.get()) == nullptr) {
    throw server.connect_failure(Error(ErrorKind::unavailable, "TLS is required, but the server does not support it"));
  }
  return handle;
}

void MysqlClient::reach(const MysqlServer& server) {
  const Handle handle = try_connect(server, server.tls());
  const unsigned code = mysql_errno(handle.get());
  // Others, such as of TLS, the next connection may not meet. These are final, and each wrong password counts at the server.
  constexpr unsigned kForGood[] = {CR_CONNECTION_ERROR, CR_CONN_HOST_ERROR, CR_SERVER_LOST, ER_ACCESS_DENIED_ERROR, ER_DBACCESS_DENIED_ERROR, ER_BAD_DB_ERROR};
  if (std::ranges::find(kForGood, code) == std::end(kForGood)) return;
  throw server.connect_failure(Error(ErrorKind::unavailable, std::string(trim(mysql_error(handle.get())))));
}

MysqlClient::MysqlClient(MysqlServer server, std::stop_token stop)
    : server_(std::move(server)), stop_(std::move(stop)), connection_(connect(server_)) {
  const std::string kill = fmt::format("KILL QUERY {}", mysql_thread_id(connection_.get()));
  interrupt_ = std::make_unique<Interrupt>(stop_, [server = server_, kill] {
    try {
      const Handle other = connect(server);
      mysql_real_query(other.get(), kill.data(), kill.size());
    } catch (const Error&) {
      // What cannot be cancelled ends by itself.
    }
  });
  for (const char* settings : kSettings) run(settings);
  run(fmt::format("SET SESSION lock_wait_timeout = {}", kLockSeconds));
  run(is_mariadb() ? kMariadbSettings : kMysqlSettings);
}

MysqlClient::~MysqlClient() = default;

bool MysqlClient::is_mariadb() const {
  return std::string_view(mysql_get_server_info(connection_.get())).find("MariaDB") != std::string_view::npos;
}

void MysqlClient::run(const std::string& sql) {
  std::optional<Waiting> waiting;
  if (may_be_cut_off(sql)) waiting.emplace();
  std::optional<HangUpWatch> watch;
  if (sql.size() > kBytesAtOnce) watch.emplace(mysql_get_socket(connection_.get()));
  for (bool again = interrupt_->settle();; again = false) {
    if (mysql_real_query(connection_.get(), sql.data(), sql.size()) == 0) return;
    // The cancelling of an earlier statement may reach the session late.
    if (!again || mysql_errno(connection_.get()) != kInterrupted) throw failure();
  }
}

std::vector<Session::Row> MysqlClient::query(const std::string& sql) {
  const bool stopped_before = stop_.stop_requested();
  run(sql);
  const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(connection_.get()), mysql_free_result);
  if (result == nullptr) {
    if (mysql_errno(connection_.get()) != 0) throw failure();
    return {};
  }
  std::vector<Row> rows;
  const unsigned columns = mysql_num_fields(result.get());
  while (MYSQL_ROW values = mysql_fetch_row(result.get())) {
    const unsigned long* lengths = mysql_fetch_lengths(result.get());
    Row& row = rows.emplace_back();
    for (unsigned column = 0; column < columns; ++column) {
      row.push_back(values[column] == nullptr ? std::nullopt
                                              : std::optional<std::string>(std::in_place, values[column], lengths[column]));
    }
  }
  // MariaDB says nothing when it cancels a query of information_schema, which has the rows of until then.
  if (!stopped_before) throw_if_stopped(stop_);
  return rows;
}

void MysqlClient::CloseStatement::operator()(st_mysql_stmt* statement) const { mysql_stmt_close(statement); }

MysqlClient::Prepared MysqlClient::prepare(const std::string& statement) {
  Prepared prepared(mysql_stmt_init(connection_.get()));
  if (prepared == nullptr) throw std::bad_alloc();
  if (mysql_stmt_prepare(prepared.get(), statement.data(), statement.size()) == 0) return prepared;
  throw mysql_failure(server_, mysql_stmt_errno(prepared.get()), mysql_stmt_error(prepared.get()), stop_.stop_requested());
}

void MysqlClient::check(const std::string& statement) { prepare(statement); }

std::vector<bool> MysqlClient::texts(const std::string& select) {
  const Prepared prepared = prepare(select);
  const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> columns(mysql_stmt_result_metadata(prepared.get()), mysql_free_result);
  std::vector<bool> texts;
  while (const MYSQL_FIELD* field = columns == nullptr ? nullptr : mysql_fetch_field(columns.get())) texts.push_back(field->charsetnr != kBinaryCharset);
  return texts;
}

uint64_t MysqlClient::load(const std::string& statement, const Fill& fill) {
  const Waiting waiting;
  const HangUpWatch watch(mysql_get_socket(connection_.get()));
  Feed feed{&fill, nullptr};
  set_feed(connection_.get(), &feed);
  const int failed = mysql_real_query(connection_.get(), statement.data(), statement.size());
  set_feed(connection_.get(), nullptr);
  if (feed.fault) std::rethrow_exception(feed.fault);
  if (failed != 0) throw failure();
  return changed();
}

uint64_t MysqlClient::changed() const { return mysql_affected_rows(connection_.get()); }

unsigned MysqlClient::last_error() const { return mysql_errno(connection_.get()); }

std::optional<std::string> MysqlClient::complaint() {
  if (mysql_warning_count(connection_.get()) == 0) return std::nullopt;
  for (const Row& row : query("SHOW WARNINGS")) {
    if (row[0] != "Note" || row[1] == kTruncated) return row[2];
  }
  return std::nullopt;
}

std::string MysqlClient::said(std::string_view words) const {
  return fmt::format("MySQL ({}): {}", server_.shown(), shorten(words, kWordsBytes));
}

Error MysqlClient::failure() const {
  return mysql_failure(server_, mysql_errno(connection_.get()), mysql_error(connection_.get()), stop_.stop_requested());
}

}  // namespace ingestr::database
