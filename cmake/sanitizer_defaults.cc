// What the sanitizers are told, compiled into each program of the asan and tsan presets, so that no environment variable is
// needed. libduckdb.so and its extensions are not instrumented: they lock where ThreadSanitizer does not see it, so what it
// reports from in there, and from SQLite when they call it, is no evidence; and they keep a few things for the life of the process,
// that for Avro what it had made of a file when it turns out to be none, that for Azure what its requests share, and that for
// PostgreSQL what OpenSSL keeps for each thread.

extern "C" {

const char* __asan_default_options();
const char* __asan_default_options() {
  return "detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1";
}

const char* __ubsan_default_options();
const char* __ubsan_default_options() { return "print_stacktrace=1"; }

const char* __lsan_default_suppressions();
const char* __lsan_default_suppressions() {
  return "leak:libduckdb.so\n"
         "leak:avro.duckdb_extension\n"
         "leak:azure.duckdb_extension\n"
         "leak:httpfs.duckdb_extension\n"
         "leak:postgres_scanner.duckdb_extension\n";
}

const char* __lsan_default_options();
const char* __lsan_default_options() { return "print_suppressions=0"; }

const char* __tsan_default_options();
const char* __tsan_default_options() {
  // Tests fork (a file held by another process, a kill in mid-run), and the child starts threads of its own.
  // The threads of a program are joined before it ends: the second that it would wait for those left gains nothing, and a test
  // run starts thousands of programs.
  return "halt_on_error=1:second_deadlock_stack=1:die_after_fork=0:atexit_sleep_ms=20";
}

const char* __tsan_default_suppressions();
const char* __tsan_default_suppressions() {
  return "called_from_lib:libduckdb.so\n"
         "race:libduckdb.so\n"
         "mutex:libduckdb.so\n"
         "thread:libduckdb.so\n"
         "race:.duckdb_extension\n"
         "race:libsqlite3.so\n"
         "mutex:.duckdb_extension\n"
         "deadlock:.duckdb_extension\n"
         "thread:.duckdb_extension\n";
}

}  // extern "C"
