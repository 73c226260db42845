/*
 * Preload shim: every fsync and fdatasync takes SLOW_FSYNC_MS longer, as on a worn SD card. Made for the bench
 * and for tests of the store; changes nothing else.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_first(void) {
  const char *text = getenv("SLOW_FSYNC_MS");
  long ms = text ? atol(text) : 300;
  struct timespec left = {ms / 1000, ms % 1000 * 1000000L};
  nanosleep(&left, NULL);
}

int fsync(int file) {
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_first();
  return next(file);
}

int fdatasync(int file) {
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_first();
  return next(file);
}
