/*
 * Starts one program on pipes, or on a terminal of terminals.c, on whatever thread, for requests.c: what Node's spawn and
 * forkpty(3) do, without copying the page tables of the process and without leaving a descriptor open.
 *
 * The child shares this process's memory until it is the program (CLONE_VM), and the thread that starts it stands still
 * meanwhile (CLONE_VFORK); all others go on. So the child may do system calls and nothing else, and writes nothing but
 * its own stack, the errno of the thread that stands still, and `error`. No signal handler of ours ever runs in it: all
 * signals are blocked around clone, and it unblocks them when all have their default action.
 *
 * Linux 5.9 or newer. Facts: clone(2), waitid(2), close_range(2), pipe(7).
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Named by newer C libraries only. */
#define CLONE_WITH_PIDFD 0x1000

/* Enough for the few calls of child_main. */
enum { CHILD_STACK = 32 * 1024 };

int close_above(unsigned first) {
  return (int)syscall(SYS_close_range, first, UINT_MAX, 0);
}

/* ---- the child ---- */

static void default_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  for (int number = 1; number <= SIGRTMAX; number += 1) sigaction(number, &action, NULL); /* fails for KILL and STOP */
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* With errno. */
static int is_abandoned(struct start *start) {
  if (!start->abandoned) return 0;
  errno = ECANCELED;
  return 1;
}

/* What may wait for a file system, the directory and the file, comes when the descriptors of others are closed. */
static int child_main(void *argument) {
  struct start *start = argument;
  setsid();
  if (start->slave >= 0 && ioctl(start->slave, TIOCSCTTY, 0) < 0) goto failed;
  for (int number = 0; number < STANDARD; number += 1) {
    if (dup2(start->slave < 0 ? start->theirs[number] : start->slave, number) < 0) goto failed;
  }
  if (close_above(STANDARD) < 0 || chdir(start->cwd) < 0) goto failed;
  default_signals();
  if (is_abandoned(start)) goto failed;
  execve(start->file, start->argv, start->environment);
failed:
  start->error = errno;
  _exit(127);
}

/* Answers errno. Which look has failed tells a missing directory from a missing program, which the errno does not. */
static int look_at(const char *what) {
  struct stat found;
  if (what[0] == '\0') return EINVAL;
  if (what[0] != 'x') {
    if (stat(what + 1, &found) < 0) return errno;
    if (what[0] == 'd' ? !S_ISDIR(found.st_mode) : !S_ISREG(found.st_mode)) return EINVAL;
  }
  return access(what + 1, X_OK) < 0 ? errno : 0;
}

static int look_at_all(struct start *start) {
  start->failed = -1;
  for (int index = 0; !start->abandoned && start->looks[index] != NULL; index += 1) {
    start->error = look_at(start->looks[index]);
    if (start->error == 0) continue;
    start->failed = index;
    return start->error;
  }
  return is_abandoned(start) ? errno : 0;
}

int start_program(struct start *start) {
  _Alignas(16) char stack[CHILD_STACK];
  start->error = look_at_all(start);
  if (start->error != 0) {
    close_all(start->theirs, STANDARD);
    return start->error;
  }
  int flags = CLONE_VM | CLONE_VFORK | CLONE_WITH_PIDFD | SIGCHLD;
  start->pid = clone(child_main, stack + sizeof stack, flags, start, &start->pidfd);
  if (start->pid < 0) start->error = errno, start->pidfd = -1; /* where a number may stand all the same */
  close_all(start->theirs, STANDARD);
  if (start->pid < 0 || start->error == 0) return start->error;
  waitid(WAIT_PIDFD, (id_t)start->pidfd, NULL, WEXITED);
  close_all(&start->pidfd, 1);
  return start->error;
}

/* ---- what it gets ---- */

void close_all(int *fds, int count) {
  for (int index = 0; index < count; index += 1) {
    if (fds[index] >= 0) close(fds[index]);
    fds[index] = -1;
  }
}

int above_standard(int fd) {
  if (fd < 0 || fd >= STANDARD) return fd;
  int above = fcntl(fd, F_DUPFD_CLOEXEC, STANDARD);
  int error = errno;
  close(fd);
  errno = error;
  return above;
}

/* Answers errno. */
static int open_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) < 0) return errno;
  for (int index = 0; index < 2; index += 1) {
    ends[index] = above_standard(ends[index]);
    if (ends[index] < 0) return errno;
  }
  return 0;
}

int open_pipes(struct start *start) {
  int error = 0;
  for (int number = 0; number < STANDARD && start->slave < 0 && error == 0; number += 1) {
    int ends[2] = {-1, -1};
    int reads = number == 0 ? 1 : 0; /* which end is ours */
    error = open_pipe(ends);
    start->ours[number] = ends[reads];
    start->theirs[number] = ends[1 - reads];
  }
  if (error == 0) return 0;
  close_all(start->ours, STANDARD);
  close_all(start->theirs, STANDARD);
  return error;
}
