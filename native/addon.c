/*
 * The addon as it is loaded: all of its functions, or an error where the kernel lacks what they need.
 *
 * Facts: pidfd_open(2), waitid(2), close_range(2).
 */
#include "addon.h"

#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Whether this kernel, and whatever filters its calls, has what is needed: this process is not its own child. */
static int is_supported(void) {
  int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
  if (self < 0) return 0;
  int knows = waitid(WAIT_PIDFD, (id_t)self, NULL, WEXITED | WNOHANG) < 0 && errno == ECHILD;
  close(self);
  return knows && close_above(UINT_MAX) == 0;
}

NAPI_MODULE_INIT() {
  if (!is_supported()) {
    napi_throw_error(env, NULL, "this kernel has no pidfd_open, waitid(P_PIDFD) or close_range: Linux 5.9 is needed");
    return NULL;
  }
  add_requests(env, exports);
  add_descriptors(env, exports);
  add_terminals(env, exports);
  add_scheduling(env, exports);
  return exports;
}
