// Loaded before the program: no file system has locks. For test_file_destinations.py.
#include <errno.h>

int flock(int descriptor, int operation) {
  (void)descriptor;
  (void)operation;
  errno = ERROR;
  return -1;
}
