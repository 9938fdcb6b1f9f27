#include "database/postgres_client.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <optional>

#include "base/forced_end.h"
#include "base/text.h"
#include "data/doubled_key.h"
#include "data/schema.h"

namespace ingestr::database {
namespace {

constexpr size_t kShownDetailBytes = 300;
constexpr std::string_view kQueryCancelled = "57014";

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

struct StateKind {
  std::string_view state;  // how an SQLSTATE begins; the first that does counts
  ErrorKind kind;
};

constexpr StateKind kKinds[] = {
    {"57", ErrorKind::unavailable},     // the server shuts down, or ended the session or the statement
    {"08", ErrorKind::unavailable},     // connection
    {"53", ErrorKind::unavailable},     // disk full, out of memory, too many connections
    {"58", ErrorKind::unavailable},     // the server's system
    {"42501", ErrorKind::auth},         // permission denied
    {"28", ErrorKind::auth},            // authorization
    {"25006", ErrorKind::auth},         // the server or the session only reads
    {"22", ErrorKind::bad_data},        // a value
    {"23", ErrorKind::constraint},
    {"40", ErrorKind::conflict},        // deadlock, serialization
    {"55", ErrorKind::conflict},        // a lock, an object in use
    {"2B", ErrorKind::conflict},        // something depends on it
    {"0A", ErrorKind::unsupported},     // feature not supported
    {"42", ErrorKind::usage},           // no such table, column, type…
};

ErrorKind kind_of(std::string_view state) {
  for (const StateKind& known : kKinds) {
    if (state.starts_with(known.state)) return known.kind;
  }
  return ErrorKind::internal;
}

// `id: 2` from `Key (id)=(2) already exists.`, with what stands between name and value; nothing when it says something else.
std::optional<std::string> key_in(std::string_view detail, std::string_view between) {
  const size_t begin = detail.find('(');
  const size_t middle = detail.find(between);
  const size_t end = detail.rfind(')');
  if (middle == std::string_view::npos || begin > middle || end < middle + between.size()) return std::nullopt;
  const std::string_view value = detail.substr(middle + between.size(), end - middle - between.size());
  return fmt::format("{}: {}", detail.substr(begin + 1, middle - begin - 1), shorten(value, kShownDetailBytes));
}

// The code is that of any CHECK, and the words are in the server's language.
bool lacks_partition(const PGresult* result) {
  return field(result, PG_DIAG_SQLSTATE) == "23514" && field(result, PG_DIAG_SOURCE_FUNCTION) == "ExecFindPartition";
}

// Of a table that a publication has, for subscribers who would not know which row it was.
bool lacks_identity(const PGresult* result) {
  return field(result, PG_DIAG_SQLSTATE) == "55000" && field(result, PG_DIAG_SOURCE_FUNCTION) == "CheckCmdReplicaIdentity";
}

// Of `Partition key of the failing row contains (id) = (77).`, which a role that may not read the columns does not get.
std::string no_partition(const PGresult* result) {
  const TableName table{std::string(field(result, PG_DIAG_SCHEMA_NAME)), std::string(field(result, PG_DIAG_TABLE_NAME))};
  const auto key = key_in(field(result, PG_DIAG_MESSAGE_DETAIL), ") = (");
  // Servers before PostgreSQL 13 do not name it.
  return fmt::format("no partition of {} is for {}; create one that is, or a DEFAULT partition, and run again",
                     table.table.empty() ? "the table" : to_string(table),
                     key ? "the row with the key " + *key : "a row");
}

using Connection = std::unique_ptr<pg_conn, void (*)(pg_conn*)>;

Connection connection_to(const PostgresServer& server) {
  const Waiting waiting;
  Connection connection(PQconnectdb(server.connection_text().c_str()), PQfinish);
  if (connection == nullptr) throw std::bad_alloc();
  return connection;
}

// Changes the server to one that asks for no options where a pooler refuses them.
Connection connected(PostgresServer& server) {
  Connection connection = connection_to(server);
  if (PQstatus(connection.get()) != CONNECTION_OK && PostgresServer::is_refusal_of_options(PQerrorMessage(connection.get()))) {
    server.ask_for_no_options();
    connection = connection_to(server);
  }
  if (PQstatus(connection.get()) == CONNECTION_OK) return connection;
  throw server.connect_failure(Error(ErrorKind::unavailable, std::string(trim(PQerrorMessage(connection.get())))));
}

}  // namespace

PostgresClient::PostgresClient(PostgresServer server, std::stop_token stop)
    : server_(std::move(server)), stop_(std::move(stop)), connection_(connected(server_)) {
  PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
  const std::shared_ptr<PGcancel> cancel(PQgetCancel(connection_.get()), PQfreeCancel);
  interrupt_ = std::make_unique<Interrupt>(stop_, [cancel] {
    char words[256];
    PQcancel(cancel.get(), words, sizeof words);  // what cannot be cancelled ends by itself
  });
  look_at_session();
}

PostgresClient::~PostgresClient() = default;

void PostgresClient::look_at_session() {
  constexpr std::string_view kPatience = "idle_session_timeout";
  Settings settings;
  for (const Row& row : query(fmt::format("SELECT '' AS name, pg_catalog.pg_backend_pid()::text AS setting UNION ALL ({})", settings_query(kPatience)))) {
    settings.emplace(row[0].value(), row[1].value());
  }
  if (const auto setting = unmet_setting(settings)) throw server_.unmet(*setting);
  // A pooler has numbers of its own, by which it knows what is to be cancelled.
  is_pooled_ = settings.at("") != std::to_string(PQbackendPID(connection_.get()));
  const auto patience = settings.find(kPatience);
  if (is_pooled_ || patience == settings.end() || patience->second == "0") return;
  execute(fmt::format("SET {} = 0", kPatience));  // it waits while rows land
  server_.ask_for_patience();
}

// A pooler would hand the setting to others.
void PostgresClient::only_read() { execute(is_pooled_ ? "BEGIN READ ONLY" : "SET default_transaction_read_only = on"); }

PostgresClient::Result PostgresClient::run(const std::string& sql) {
  std::optional<Waiting> waiting;
  if (may_be_cut_off(sql)) waiting.emplace();
  for (bool again = interrupt_->settle();; again = false) {
    Result result(PQexec(connection_.get(), sql.c_str()), PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY || status == PGRES_COPY_IN ||
        status == PGRES_COPY_OUT) {
      return result;
    }
    // The cancelling of an earlier statement may still be on its way to the server, behind a pooler most of all.
    if (again && field(result.get(), PG_DIAG_SQLSTATE) == kQueryCancelled) continue;
    throw failure(result.get());
  }
}

std::vector<Session::Row> PostgresClient::query(const std::string& sql) {
  const Result result = run(sql);
  std::vector<Row> rows(static_cast<size_t>(PQntuples(result.get())));
  for (size_t row = 0; row < rows.size(); ++row) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      const int at = static_cast<int>(row);
      rows[row].push_back(PQgetisnull(result.get(), at, column)
                              ? std::nullopt
                              : std::optional<std::string>(std::in_place, PQgetvalue(result.get(), at, column),
                                                           static_cast<size_t>(PQgetlength(result.get(), at, column))));
    }
  }
  return rows;
}

PostgresClient::Result PostgresClient::rest() {
  const Waiting waiting;
  Result first(nullptr, PQclear);
  while (PGresult* next = PQgetResult(connection_.get())) {
    Result result(next, PQclear);
    const ExecStatusType status = PQresultStatus(next);
    if (!first || (PQresultStatus(first.get()) == PGRES_COMMAND_OK && status != PGRES_COMMAND_OK)) first = std::move(result);
    // No more results come of a session that is lost, nor of one that is still in mid-copy, but the same one again and again.
    if (PQstatus(connection_.get()) != CONNECTION_OK || status == PGRES_COPY_IN || status == PGRES_COPY_OUT) break;
  }
  return first;
}

void PostgresClient::pieces(const Take& take) {
  struct Piece {
    ~Piece() { PQfreemem(data); }
    char* data = nullptr;
  };
  for (;;) {
    Piece piece;
    const int bytes = [&] {
      const Waiting waiting;
      return PQgetCopyData(connection_.get(), &piece.data, 0);
    }();
    if (bytes < 0) return;
    take({piece.data, static_cast<size_t>(bytes)});
  }
}

void PostgresClient::copy_out(const std::string& statement, const Take& take) {
  run(statement);
  try {
    pieces(take);
  } catch (...) {
    // Nobody wants the rest; a session in mid-copy is of no use until it has come.
    if (const std::unique_ptr<PGcancel, void (*)(PGcancel*)> cancel(PQgetCancel(connection_.get()), PQfreeCancel); cancel) {
      char words[256];
      PQcancel(cancel.get(), words, sizeof words);
    }
    pieces([](std::string_view) {});
    rest();
    throw;
  }
  const Result result = rest();
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw failure(result.get());
}

uint64_t PostgresClient::copy_in(const std::string& statement, const std::function<void(const Take& put)>& write) {
  run(statement);
  bool lost = false;
  try {
    write([&](std::string_view piece) {
      const Waiting waiting;
      if (lost || PQputCopyData(connection_.get(), piece.data(), static_cast<int>(piece.size())) == 1) return;
      lost = true;
      throw Error(ErrorKind::unavailable, "");
    });
  } catch (...) {
    PQputCopyEnd(connection_.get(), "given up");
    const Result result = rest();
    if (lost) throw failure(result.get());
    throw;
  }
  PQputCopyEnd(connection_.get(), nullptr);
  const Result result = rest();
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw failure(result.get());
  return std::stoull(PQcmdTuples(result.get()));
}

void PostgresClient::check(const std::string& statement) {
  const Result result(PQprepare(connection_.get(), "", statement.c_str(), 0, nullptr), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw failure(result.get());
}

Error PostgresClient::failure(const pg_result* result) {
  const std::string_view state = field(result, PG_DIAG_SQLSTATE);
  last_state_ = state;
  const std::string_view words = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (words.empty() || PQstatus(connection_.get()) != CONNECTION_OK) {
    const std::string_view lost = words.empty() ? trim(PQerrorMessage(connection_.get())) : words;
    return Error(ErrorKind::unavailable, fmt::format("the connection to the PostgreSQL database {} was lost: {}; run again",
                                                     server_.shown(), shorten(lost.substr(0, lost.find('\n')), kShownDetailBytes)));
  }
  const std::string_view detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  if (state == kQueryCancelled && stop_.stop_requested()) return interrupted();
  if (state == "23505") return key_is_there(key_in(detail, ")=(").value_or(std::string(detail)));
  if (lacks_identity(result)) {
    return Error(ErrorKind::unsupported,
                 fmt::format("PostgreSQL ({}): {}; let its owner run ALTER TABLE … REPLICA IDENTITY FULL, or give it a primary key, and run again", server_.shown(), words));
  }
  if (lacks_partition(result)) return Error(ErrorKind::not_found, fmt::format("PostgreSQL ({}): {}", server_.shown(), no_partition(result)));
  std::string text = fmt::format("PostgreSQL ({}): {}", server_.shown(), words);
  // One line, however many objects depend on one.
  if (!detail.empty()) text += fmt::format(" ({})", shorten(detail.substr(0, detail.find('\n')), kShownDetailBytes));
  if (state == "53100") text += kFullDiskAdvice;
  if (state == kQueryCancelled) text += kCancelledAdvice;
  if (kind_of(state) == ErrorKind::constraint) text = fmt::format("a row breaks a constraint ({})", text);
  return Error(kind_of(state), text);
}

}  // namespace ingestr::database
