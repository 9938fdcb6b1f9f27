#include "sources/database/postgres_check.h"

#include <fmt/format.h>

#include <exception>
#include <thread>
#include <utility>

#include "base/either_stop.h"
#include "base/error.h"
#include "database/postgres_client.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

class PostgresCheck final : public RowCheck {
 public:
  PostgresCheck(PostgresServer server, std::string snapshot, std::string sentence, std::stop_token stop)
      : thread_([this, server = std::move(server), snapshot = std::move(snapshot), sentence = std::move(sentence), stop = std::move(stop)](std::stop_token given_up) {
          try {
            const EitherStop either(stop, given_up);
            run(server, snapshot, sentence, either.token());
          } catch (...) {
            failure_ = std::current_exception();
          }
        }) {}

  void finish(uint64_t) override {
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
    if (!rows_.empty()) throw Error(ErrorKind::bad_data, rows_.front().at(0).value_or(""));
  }

 private:
  void run(const PostgresServer& server, const std::string& snapshot, const std::string& sentence, const std::stop_token& stop) {
    PostgresClient client(server, stop);
    const Transaction transaction(client, fmt::format("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT {}", duck::quote_text(snapshot)));
    rows_ = client.query(sentence);
  }

  std::vector<Session::Row> rows_;
  std::exception_ptr failure_;
  std::jthread thread_;  // the others are its own until it has ended
};

}  // namespace

std::unique_ptr<RowCheck> check_postgres_rows(PostgresServer server, std::string snapshot, std::string sentence, std::stop_token stop) {
  return std::make_unique<PostgresCheck>(std::move(server), std::move(snapshot), std::move(sentence), std::move(stop));
}

}  // namespace ingestr::database
