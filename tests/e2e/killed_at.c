// Loaded before the program: kills it at a moment of the swap of two directories, which KILLED_AT names. For test_directory_swap.py.
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int swapped;

static void at(const char* moment) {
  const char* wanted = getenv("KILLED_AT");
  if (wanted != NULL && strcmp(wanted, moment) == 0) kill(getpid(), SIGKILL);
}

int renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) {
  at("before the swap");
  const int result = (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
  swapped = 1;
  at("after the swap");
  return result;
}

int unlinkat(int directory, const char* name, int flags) {
  const int result = (int)syscall(SYS_unlinkat, directory, name, flags);
  if (swapped) at("while the old one goes");
  return result;
}
