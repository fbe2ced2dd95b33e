/*
 * Starts a program on pipes, or on a terminal of terminals.c, and waits for it, for transport/process/native-programs.ts:
 * what Node's spawn and forkpty(3) do, without copying the page tables of the process and without leaving a descriptor
 * open.
 *
 * The child shares this process's memory until it is the program (CLONE_VM), and the thread that starts it stands still
 * meanwhile (CLONE_VFORK), so the child may do system calls and nothing else. No signal handler of ours ever runs in
 * it: all signals are blocked around clone, and it unblocks them when all have their default action.
 *
 * A thread watches the pidfds of all programs and only says which has ended. Each is reaped on the JavaScript thread,
 * in the turn that tells of its end: until then its number cannot be a stranger's. It waits for no child but its own,
 * as libuv does (uv__wait_children), so neither takes the other's.
 *
 * Everything belongs to one environment (the main thread, or one worker) and ends with it.
 * Linux 5.9 or newer. Facts: clone(2), pidfd_open(2), waitid(2), close_range(2), pipe(7), "Node-API" of Node 20.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Named by newer C libraries only. */
#define WAIT_PIDFD ((idtype_t)3)
#define CLONE_WITH_PIDFD 0x1000

/* Enough for the few calls of child_main. */
enum { CHILD_STACK = 32 * 1024, EVENTS = 64 };

static int close_above(unsigned first) {
  return (int)syscall(SYS_close_range, first, UINT_MAX, 0);
}

/* ---- the child ---- */

struct start {
  const char *file;
  char **argv;
  char **environment;
  const char *cwd;
  int ends[STANDARD]; /* what becomes 0, 1 and 2; all above them */
  int on_terminal;    /* which they are, then, all three */
  volatile int error; /* errno of the step that failed */
};

static void default_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  for (int number = 1; number <= SIGRTMAX; number += 1) sigaction(number, &action, NULL); /* fails for KILL and STOP */
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static int child_main(void *argument) {
  struct start *start = argument;
  setsid();
  if (start->on_terminal && ioctl(start->ends[0], TIOCSCTTY, 0) < 0) goto failed;
  for (int number = 0; number < STANDARD; number += 1) {
    if (dup2(start->ends[number], number) < 0) goto failed;
  }
  if (close_above(STANDARD) < 0 || chdir(start->cwd) < 0) goto failed;
  default_signals();
  execve(start->file, start->argv, start->environment);
failed:
  start->error = errno;
  _exit(127);
}

/* Answers errno, or 0 with the program running. All signals are blocked meanwhile. */
static int run_child(struct start *start, pid_t *pid, int *pidfd) {
  _Alignas(16) char stack[CHILD_STACK];
  *pid = clone(child_main, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_WITH_PIDFD | SIGCHLD, start, pidfd);
  if (*pid < 0) return errno;
  if (start->error == 0) return 0;
  waitid(WAIT_PIDFD, (id_t)*pidfd, NULL, WEXITED);
  close(*pidfd);
  return start->error;
}

/* ---- the programs of one environment ---- */

struct program {
  int pidfd;
  napi_ref exited;
  struct programs *all;
  struct program *next, **here; /* in the list of those that run */
};

struct programs {
  napi_threadsafe_function tell;
  pthread_t watcher;
  int epoll;
  int stop;
  struct program *running;
};

static void *watch(void *argument) {
  struct programs *all = argument;
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(all->epoll, events, EVENTS, -1);
    for (int index = 0; index < count; index += 1) {
      if (events[index].data.ptr == NULL) return NULL;
      napi_call_threadsafe_function(all->tell, events[index].data.ptr, napi_tsfn_nonblocking);
    }
  }
}

static int watch_descriptor(struct programs *all, int fd, void *who) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = who};
  return epoll_ctl(all->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? errno : 0;
}

/* While the list is not empty, the environment is kept alive. */
static void list(napi_env env, struct programs *all, struct program *program) {
  if (all->running == NULL) napi_ref_threadsafe_function(env, all->tell);
  program->next = all->running;
  program->here = &all->running;
  if (program->next != NULL) program->next->here = &program->next;
  all->running = program;
}

static void forget(napi_env env, struct program *program) {
  struct programs *all = program->all;
  *program->here = program->next;
  if (program->next != NULL) program->next->here = program->here;
  if (all->running == NULL) napi_unref_threadsafe_function(env, all->tell);
  epoll_ctl(all->epoll, EPOLL_CTL_DEL, program->pidfd, NULL);
  close(program->pidfd);
  napi_delete_reference(env, program->exited);
  free(program);
}

/* Calls exited(code, signal, core). Should somebody else have waited for the program, its code is 255. */
static void program_ended(napi_env env, napi_value unused, void *context, void *data) {
  (void)unused, (void)context;
  if (env == NULL) return; /* the environment has ended */
  struct program *program = data;
  siginfo_t info = {0};
  int lost = waitid(WAIT_PIDFD, (id_t)program->pidfd, &info, WEXITED) < 0;
  int by_itself = lost || info.si_code == CLD_EXITED;
  int status = lost ? 255 : info.si_status;

  napi_value exited, undefined, arguments[3];
  napi_get_reference_value(env, program->exited, &exited);
  forget(env, program);
  napi_get_undefined(env, &undefined);
  napi_create_int32(env, by_itself ? status : 0, &arguments[0]);
  napi_create_int32(env, by_itself ? 0 : status, &arguments[1]);
  napi_get_boolean(env, !lost && info.si_code == CLD_DUMPED, &arguments[2]);
  if (napi_call_function(env, undefined, exited, 3, arguments, NULL) == napi_pending_exception) {
    napi_value error;
    napi_get_and_clear_last_exception(env, &error);
    napi_fatal_exception(env, error);
  }
}

/* A worker's programs outlive it, as those of Node's spawn do, and nobody hears of their end. */
static void end_programs(void *argument) {
  struct programs *all = argument;
  uint64_t one = 1;
  if (write(all->stop, &one, sizeof one) == sizeof one) pthread_join(all->watcher, NULL);
  close(all->stop);
  close(all->epoll);
  napi_release_threadsafe_function(all->tell, napi_tsfn_abort);
  for (struct program *program = all->running, *next; program != NULL; program = next) {
    next = program->next;
    close(program->pidfd);
    free(program);
  }
  free(all);
}

/* The thread inherits the caller's mask: all signals blocked. Answers errno. */
static int begin_programs(napi_env env, struct programs **result) {
  struct programs *all = calloc(1, sizeof *all);
  if (all == NULL) return ENOMEM;
  napi_value name;
  all->epoll = epoll_create1(EPOLL_CLOEXEC);
  all->stop = eventfd(0, EFD_CLOEXEC);
  int error = all->epoll < 0 || all->stop < 0 ? errno : watch_descriptor(all, all->stop, NULL);
  if (error != 0) goto failed;
  error = ENOMEM;
  if (napi_create_string_utf8(env, "nacre programs", NAPI_AUTO_LENGTH, &name) != napi_ok) goto failed;
  if (napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, NULL, NULL, NULL, program_ended, &all->tell) != napi_ok)
    goto failed;
  napi_unref_threadsafe_function(env, all->tell);
  error = pthread_create(&all->watcher, NULL, watch, all);
  if (error == 0) {
    napi_add_env_cleanup_hook(env, end_programs, all);
    napi_set_instance_data(env, all, NULL, NULL);
    *result = all;
    return 0;
  }
  napi_release_threadsafe_function(all->tell, napi_tsfn_abort);
failed:
  if (all->epoll >= 0) close(all->epoll);
  if (all->stop >= 0) close(all->stop);
  free(all);
  return error;
}

/* ---- starting ---- */

static void close_all(const int *fds, int count) {
  for (int index = 0; index < count; index += 1) {
    if (fds[index] >= 0) close(fds[index]);
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

/* Ours go to `ours`, which the caller closes if this fails. Answers errno. */
static int start_on_pipes(struct start *start, int ours[STANDARD], pid_t *pid, int *pidfd) {
  int error = 0;
  for (int number = 0; number < STANDARD; number += 1) ours[number] = start->ends[number] = -1;
  for (int number = 0; number < STANDARD && error == 0; number += 1) {
    int ends[2] = {-1, -1};
    int reads = number == 0 ? 1 : 0; /* which end is ours */
    error = open_pipe(ends);
    ours[number] = ends[reads];
    start->ends[number] = ends[1 - reads];
  }
  if (error == 0) error = run_child(start, pid, pidfd);
  close_all(start->ends, STANDARD);
  return error;
}

/* The slave stays the caller's. Answers errno. */
static int start_on_terminal(struct start *start, int slave, pid_t *pid, int *pidfd) {
  for (int number = 0; number < STANDARD; number += 1) start->ends[number] = slave;
  start->on_terminal = 1;
  return run_child(start, pid, pidfd);
}

/* Answers errno; the program is killed again if nobody can hear of its end. */
static int add_program(napi_env env, struct programs *all, int pidfd, pid_t pid, napi_value exited) {
  struct program *program = calloc(1, sizeof *program);
  int error = ENOMEM;
  if (program != NULL) {
    *program = (struct program){.pidfd = pidfd, .all = all};
    int held = napi_create_reference(env, exited, 1, &program->exited) == napi_ok;
    error = held ? watch_descriptor(all, pidfd, program) : EINVAL;
    if (error == 0) {
      list(env, all, program);
      return 0;
    }
    if (program->exited != NULL) napi_delete_reference(env, program->exited);
    free(program);
  }
  kill(-pid, SIGKILL);
  waitid(WAIT_PIDFD, (id_t)pidfd, NULL, WEXITED);
  close(pidfd);
  return error;
}

/* ---- what JavaScript gives ---- */

/* Strings one after the other, each with its NUL, as a list for execve; NULL if it is none, or out of memory. */
static char **strings_of(napi_env env, napi_value value) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return NULL;
  char *bytes = data;
  if (type != napi_uint8_array || (length > 0 && bytes[length - 1] != '\0')) return NULL;
  size_t count = 0;
  for (size_t index = 0; index < length; index += 1) count += bytes[index] == '\0';
  char **strings = calloc(count + 1, sizeof *strings);
  if (strings == NULL) return NULL;
  for (size_t index = 0; index < count; index += 1) {
    strings[index] = bytes;
    bytes += strlen(bytes) + 1;
  }
  return strings;
}

int32_t *numbers_of(napi_env env, napi_value value, size_t least, size_t *count) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return NULL;
  if (type != napi_int32_array || length < least) return NULL;
  if (count != NULL) *count = length;
  return data;
}

napi_value answer(napi_env env, int number) {
  napi_value value;
  napi_create_int32(env, number, &value);
  return value;
}

void add_function(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value);
  napi_set_named_property(env, exports, name, value);
}

static int start_program(napi_env env, struct start *start, int slave, int32_t *result, napi_value exited) {
  struct programs *all = NULL;
  napi_get_instance_data(env, (void **)&all);
  int error = all == NULL ? begin_programs(env, &all) : 0;
  if (error != 0) return error;
  int ours[STANDARD] = {-1, -1, -1};
  int pidfd;
  pid_t pid;
  error = slave < 0 ? start_on_pipes(start, ours, &pid, &pidfd) : start_on_terminal(start, slave, &pid, &pidfd);
  if (error == 0) error = add_program(env, all, pidfd, pid, exited);
  if (error != 0) {
    close_all(ours, STANDARD);
    return error;
  }
  result[0] = pid;
  for (int number = 0; number < STANDARD; number += 1) result[1 + number] = ours[number];
  return 0;
}

/*
 * spawn([file, cwd], argv, environment, slave, result, exited) → errno, 0 if it has started.
 * The first three are Uint8Arrays of strings (strings_of). `slave` is the terminal that the program gets, or -1 for pipes.
 * `result` is an Int32Array for the process id and our ends of the pipes for 0, 1 and 2; exited(code, signal, core) is
 * called once, in a later turn.
 */
static napi_value spawn(napi_env env, napi_callback_info info) {
  size_t count = 6;
  napi_value given[6];
  napi_valuetype type = napi_undefined;
  int32_t slave = -1;
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  char **places = strings_of(env, given[0]);
  char **argv = strings_of(env, given[1]);
  char **environment = strings_of(env, given[2]);
  int has_slave = napi_get_value_int32(env, given[3], &slave) == napi_ok;
  int32_t *result = numbers_of(env, given[4], 1 + STANDARD, NULL);
  napi_typeof(env, given[5], &type);

  int error = EINVAL;
  if (places && places[0] && places[1] && argv && argv[0] && environment && has_slave && result && type == napi_function) {
    struct start start = {.file = places[0], .cwd = places[1], .argv = argv, .environment = environment};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = start_program(env, &start, slave, result, given[5]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  free(places), free(argv), free(environment);
  return answer(env, error);
}

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
  add_function(env, exports, "spawn", spawn);
  add_descriptors(env, exports);
  add_terminals(env, exports);
  return exports;
}
