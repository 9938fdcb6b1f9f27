// The SQL functions that every engine of ours has beside DuckDB's own; duck/exact_sql.h writes calls of them. For src/duck
// only.
#pragma once

#include <duckdb.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace ingestr::duck {

// Each once for each engine.
void register_exact_values(duckdb_connection connection);   // _ingestr_bigint(text)…, _ingestr_evidence(text)
void register_json_evidence(duckdb_connection connection);  // _ingestr_json_evidence(line)
void register_json_values(duckdb_connection connection);    // _ingestr_json_values(line, keys), _ingestr_json_fault(line)…
// _ingestr_passing(), always true, adds the rows that it is asked for to `passed`.
void register_passing(duckdb_connection connection, std::shared_ptr<std::atomic<uint64_t>> passed);

}  // namespace ingestr::duck
