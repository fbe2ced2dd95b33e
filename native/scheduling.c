/*
 * How soon the calling thread runs when it wakes, for transport/short-slice.ts.
 *
 * Linux 6.12 and newer let a thread say how long it wants to run at a time. Who wants little is let before those who want
 * much, and they are interrupted for it; over time nobody has more than before. It needs no privilege. Older kernels
 * answer that the slice is 0, and are not asked for another: they would set RESET_ON_FORK alone, which without privilege
 * stays.
 * Facts: sched_setattr(2), sched(7); Linux kernel/sched/syscalls.c (__setparam_fair) and fair.c (PREEMPT_SHORT).
 */
#include "addon.h"

#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct sched_attr of sched_setattr(2), as Linux 3.14 has it; newer C libraries have that name. */
struct scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period; /* nanoseconds; of an ordinary thread, `runtime` is its slice */
};

/* What is started from now on, threads and programs, has the usual slice. */
enum { RESET_ON_FORK = 1 };

static int get(struct scheduling *is) {
  memset(is, 0, sizeof *is);
  return (int)syscall(SYS_sched_getattr, 0, is, sizeof *is, 0);
}

/*
 * sliceOf(nanoseconds) → the slice that the calling thread has then, in nanoseconds; 0 where the kernel does not say. With
 * 0 it stays as it is, and so do those of threads that somebody has given a priority, or another policy: they run soon
 * enough, and what such a thread starts would lose its priority by RESET_ON_FORK.
 */
static napi_value slice_of(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value given;
  int32_t nanoseconds = 0;
  struct scheduling is;
  napi_get_cb_info(env, info, &count, &given, NULL, NULL);
  napi_get_value_int32(env, given, &nanoseconds);
  if (get(&is) < 0) return answer(env, 0);
  if (nanoseconds > 0 && is.runtime > 0 && is.policy == SCHED_OTHER && is.nice >= 0) {
    is.runtime = (uint64_t)nanoseconds;
    is.flags |= RESET_ON_FORK;
    if (syscall(SYS_sched_setattr, 0, &is, 0) < 0 || get(&is) < 0) return answer(env, 0);
  }
  return answer(env, (int)is.runtime);
}

void add_scheduling(napi_env env, napi_value exports) {
  add_function(env, exports, "sliceOf", slice_of);
}
