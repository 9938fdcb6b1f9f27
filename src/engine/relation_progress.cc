#include "engine/relation_progress.h"

#include <algorithm>

#include "base/interrupt.h"

namespace ingestr {
namespace {

// An estimate never says that all is done.
constexpr double kMostByEstimate = 0.99;

}  // namespace

RelationProgress::RelationProgress(const Relation& relation, const duck::Database& engine, Counters& counters, std::stop_token stop)
    : relation_(relation),
      engine_(engine),
      counters_(counters),
      stop_(std::move(stop)),
      rows_before_(counters.rows),
      passed_before_(engine.passed()) {}

RelationProgress::~RelationProgress() { counters_.share = Counters::kUnknownShare; }

duck::Connection::Watch RelationProgress::watch() {
  return [this](std::optional<double> done) { tell(engine_.passed() - passed_before_, done); };
}

void RelationProgress::count(uint64_t rows) { tell(rows, std::nullopt); }

void RelationProgress::end(uint64_t rows) { counters_.rows = rows_before_ + rows; }

void RelationProgress::tell(uint64_t rows, std::optional<double> done) {
  throw_if_stopped(stop_);
  counters_.rows = rows_before_ + rows;
  if (done && *done > 0) {
    counters_.share = std::min(*done, 1.0);
  } else if (relation_.rows > 0) {
    counters_.share = std::min(static_cast<double>(rows) / static_cast<double>(relation_.rows), kMostByEstimate);
  }
}

}  // namespace ingestr
