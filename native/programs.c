/*
 * Programs for transport/process/native-programs.ts: started at once, or by starters.c when it has time, and waited for.
 *
 * A thread watches the pidfds of all programs and only says which has ended. Each is reaped on the JavaScript thread,
 * in the turn that tells of its end: until then its number cannot be a stranger's. It waits for no child but its own,
 * as libuv does (uv__wait_children), so neither takes the other's.
 *
 * Everything belongs to one environment (the main thread, or one worker) and ends with it.
 * Facts: pidfd_open(2), waitid(2), epoll(7), "Node-API" of Node 20.
 */
#include "programs.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EVENTS = 64 };

static void free_strings(struct program *program) {
  free(program->places), free(program->argv), free(program->environment);
  program->places = program->argv = program->environment = NULL;
}

void let_go(struct program *program) {
  close_all(program->start.theirs, STANDARD);
  close_all(&program->start.pidfd, 1);
  free_strings(program);
  free(program);
}

/* ---- the thread that waits for them ---- */

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

/* ---- the list of all ---- */

/* While it is not empty, the environment is kept alive. */
static void list(napi_env env, struct programs *all, struct program *program) {
  if (all->list == NULL) napi_ref_threadsafe_function(env, all->tell);
  program->next = all->list;
  program->here = &all->list;
  if (program->next != NULL) program->next->here = &program->next;
  all->list = program;
}

static void forget(napi_env env, struct program *program) {
  struct programs *all = program->all;
  *program->here = program->next;
  if (program->next != NULL) program->next->here = program->here;
  if (all->list == NULL) napi_unref_threadsafe_function(env, all->tell);
  if (program->started != NULL) napi_delete_reference(env, program->started);
  napi_delete_reference(env, program->exited);
  let_go(program);
}

/* When the start is over. Answers errno; the program is killed again if nobody can hear of its end. */
static int await_end(struct program *program) {
  struct start *start = &program->start;
  free_strings(program);
  if (program->error != 0) return program->error;
  int error = watch_descriptor(program->all, start->pidfd, program);
  if (error == 0) {
    program->state = RUNNING;
    return 0;
  }
  kill(-start->pid, SIGKILL);
  waitid(WAIT_PIDFD, (id_t)start->pidfd, NULL, WEXITED);
  return error;
}

static void call(napi_env env, napi_value function, size_t count, const napi_value *arguments) {
  napi_value undefined, error;
  napi_get_undefined(env, &undefined);
  if (napi_call_function(env, undefined, function, count, arguments, NULL) != napi_pending_exception) return;
  napi_get_and_clear_last_exception(env, &error);
  napi_fatal_exception(env, error);
}

/* Calls started(errno, pid), or started(errno, which look has failed). */
static void program_started(napi_env env, struct program *program) {
  int error = await_end(program);
  napi_value started, arguments[2];
  napi_get_reference_value(env, program->started, &started);
  napi_create_int32(env, error, &arguments[0]);
  napi_create_int32(env, error == 0 ? program->start.pid : program->start.failed, &arguments[1]);
  napi_delete_reference(env, program->started);
  program->started = NULL;
  if (error != 0) forget(env, program);
  call(env, started, 2, arguments);
}

/* Calls exited(code, signal, core). Should somebody else have waited for the program, its code is 255. */
static void program_ended(napi_env env, struct program *program) {
  siginfo_t info = {0};
  int lost = waitid(WAIT_PIDFD, (id_t)program->start.pidfd, &info, WEXITED) < 0;
  int by_itself = lost || info.si_code == CLD_EXITED;
  int status = lost ? 255 : info.si_status;

  napi_value exited, arguments[3];
  napi_get_reference_value(env, program->exited, &exited);
  epoll_ctl(program->all->epoll, EPOLL_CTL_DEL, program->start.pidfd, NULL);
  forget(env, program);
  napi_create_int32(env, by_itself ? status : 0, &arguments[0]);
  napi_create_int32(env, by_itself ? 0 : status, &arguments[1]);
  napi_get_boolean(env, !lost && info.si_code == CLD_DUMPED, &arguments[2]);
  call(env, exited, 3, arguments);
}

static void tell(napi_env env, napi_value unused, void *context, void *data) {
  (void)unused, (void)context;
  if (env == NULL) return; /* the environment has ended */
  struct program *program = data;
  if (program->state == STARTED) program_started(env, program);
  else program_ended(env, program);
}

/*
 * A worker's programs outlive it, as those of Node's spawn do, and nobody hears of their end. Those that wait are not
 * started any more; those that are being started are their threads' to let go, for which nobody waits.
 */
static void end_programs(void *argument) {
  struct programs *all = argument;
  uint64_t one = 1;
  if (write(all->stop, &one, sizeof one) == sizeof one) pthread_join(all->watcher, NULL);
  close(all->stop);
  close(all->epoll);
  pthread_mutex_lock(&all->lock);
  all->ended = 1;
  napi_release_threadsafe_function(all->tell, napi_tsfn_abort);
  for (struct program *program = all->list, *next; program != NULL; program = next) {
    next = program->next;
    if (program->state != STARTING) let_go(program);
  }
  pthread_cond_broadcast(&all->more);
  leave(all);
}

static int begin_programs(napi_env env, struct programs **result) {
  struct programs *all = calloc(1, sizeof *all);
  if (all == NULL) return ENOMEM;
  napi_value name;
  all->users = 1;
  all->last = &all->first;
  pthread_mutex_init(&all->lock, NULL);
  pthread_cond_init(&all->more, NULL);
  all->epoll = epoll_create1(EPOLL_CLOEXEC);
  all->stop = eventfd(0, EFD_CLOEXEC);
  int error = all->epoll < 0 || all->stop < 0 ? errno : watch_descriptor(all, all->stop, NULL);
  if (error != 0) goto failed;
  error = ENOMEM;
  if (napi_create_string_utf8(env, "nacre programs", NAPI_AUTO_LENGTH, &name) != napi_ok) goto failed;
  if (napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, NULL, NULL, NULL, tell, &all->tell) != napi_ok)
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

/* ---- what JavaScript gives ---- */

/* Strings one after the other, each with its NUL, as a list for execve; NULL if it is none, or out of memory. */
static char **strings_of(napi_env env, napi_value value, size_t *total) {
  napi_typedarray_type type;
  size_t length, count = 0;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return NULL;
  const char *given = data;
  if (type != napi_uint8_array || (length > 0 && given[length - 1] != '\0')) return NULL;
  for (size_t index = 0; index < length; index += 1) count += given[index] == '\0';
  size_t size = (count + 1) * sizeof(char *) + length;
  char **strings = malloc(size);
  if (strings == NULL) return NULL;
  char *bytes = memcpy((char *)(strings + count + 1), given, length);
  for (size_t index = 0; index < count; index += 1) {
    strings[index] = bytes;
    bytes += strlen(bytes) + 1;
  }
  strings[count] = NULL;
  *total += size;
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

static int is_function(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  return napi_typeof(env, value, &type) == napi_ok && type == napi_function;
}

/* From places, argv, environment and slave, as `spawn` and `start` are given them; NULL if they are none. */
static struct program *program_of(napi_env env, const napi_value *given) {
  struct program *program = calloc(1, sizeof *program);
  if (program == NULL) return NULL;
  program->bytes = sizeof *program;
  char **places = program->places = strings_of(env, given[0], &program->bytes);
  char **argv = program->argv = strings_of(env, given[1], &program->bytes);
  char **environment = program->environment = strings_of(env, given[2], &program->bytes);
  int32_t slave;
  int has_slave = napi_get_value_int32(env, given[3], &slave) == napi_ok;
  program->start = (struct start){
      .argv = argv, .environment = environment, .slave = slave, .ours = {-1, -1, -1}, .theirs = {-1, -1, -1}, .pidfd = -1};
  if (places && places[0] && places[1] && argv && argv[0] && environment && has_slave) {
    program->start.file = places[0], program->start.cwd = places[1], program->start.looks = places + 2;
    return program;
  }
  let_go(program);
  return NULL;
}

/* Answers errno, and then `program` has been let go; otherwise it is in the list, with its pipes. */
static int add_program(napi_env env, struct program *program, napi_value started, napi_value exited) {
  napi_get_instance_data(env, (void **)&program->all);
  int error = program->all == NULL ? begin_programs(env, &program->all) : 0;
  if (error == 0) error = open_pipes(&program->start);
  if (error != 0) {
    let_go(program);
    return error;
  }
  if (started != NULL) napi_create_reference(env, started, 1, &program->started);
  napi_create_reference(env, exited, 1, &program->exited);
  list(env, program->all, program);
  return 0;
}

/* What `spawn` and `start` are given, and where it goes. */
struct request {
  napi_env env;
  struct program *program;
  int32_t *result;
  napi_value started, exited; /* the first is NULL for `spawn` */
};

/* Either at once, or when a starter has time. Answers errno. */
static int carry_out(const struct request *request) {
  struct program *program = request->program;
  int error = add_program(request->env, program, request->started, request->exited);
  if (error != 0) return error;
  int ours[STANDARD]; /* a starter may be done with the program before this is */
  memcpy(ours, program->start.ours, sizeof ours);
  if (request->started != NULL) {
    error = queue_start(program->all, program);
  } else {
    program->error = start_program(&program->start);
    program->state = STARTED;
    error = await_end(program);
    request->result[0] = program->start.pid;
  }
  if (error != 0) {
    close_all(ours, STANDARD);
    forget(request->env, program);
    return error;
  }
  memcpy(request->result + 1, ours, sizeof ours);
  return 0;
}

static napi_value blocking_signals(const struct request *request) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = carry_out(request);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return answer(request->env, error);
}

/*
 * spawn([file, cwd, ...looks], argv, environment, slave, result, exited) → errno, 0 if it has started.
 * The first three are Uint8Arrays of strings (strings_of). `slave` is the terminal that the program gets, or -1 for pipes.
 * `result` is an Int32Array for the process id and our ends of the pipes for 0, 1 and 2; exited(code, signal, core) is
 * called once, in a later turn.
 */
static napi_value spawn(napi_env env, napi_callback_info info) {
  size_t count = 6;
  napi_value given[6];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  struct request request = {.env = env, .exited = given[5], .result = numbers_of(env, given[4], 1 + STANDARD, NULL)};
  if (request.result != NULL && is_function(env, given[5])) request.program = program_of(env, given);
  return request.program == NULL ? answer(env, EINVAL) : blocking_signals(&request);
}

/*
 * start([file, cwd, ...looks], argv, environment, slave, result, exited, started) → errno, 0 if it will be started.
 * As `spawn`, but that `result` has no process id: started(errno, process id) is called once, in a later turn, and before
 * `exited`, which is not called if the errno is not 0. The second number is then the look that has failed, from 0, or -1.
 */
static napi_value start(napi_env env, napi_callback_info info) {
  size_t count = 7;
  napi_value given[7];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  struct request request = {.env = env, .exited = given[5], .started = given[6]};
  request.result = numbers_of(env, given[4], 1 + STANDARD, NULL);
  if (request.result != NULL && is_function(env, given[5]) && is_function(env, given[6]))
    request.program = program_of(env, given);
  return request.program == NULL ? answer(env, EINVAL) : blocking_signals(&request);
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
  add_function(env, exports, "start", start);
  add_descriptors(env, exports);
  add_terminals(env, exports);
  add_scheduling(env, exports);
  return exports;
}
