/*
 * The programs of one environment, from when requests.c has them: told of when they have started, waited for, forgotten.
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
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
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
void remember(napi_env env, struct program *program) {
  struct programs *all = program->all;
  if (all->list == NULL) napi_ref_threadsafe_function(env, all->tell);
  program->next = all->list;
  program->here = &all->list;
  if (program->next != NULL) program->next->here = &program->next;
  all->list = program;
}

void forget(napi_env env, struct program *program) {
  struct programs *all = program->all;
  *program->here = program->next;
  if (program->next != NULL) program->next->here = program->here;
  if (all->list == NULL) napi_unref_threadsafe_function(env, all->tell);
  if (program->started != NULL) napi_delete_reference(env, program->started);
  napi_delete_reference(env, program->exited);
  let_go(program);
}

int await_end(struct program *program) {
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
 * started any more; those that are being started are abandoned, and their threads' to let go, for which nobody waits.
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
    if (program->state == STARTING) program->start.abandoned = 1;
    else let_go(program);
  }
  pthread_cond_broadcast(&all->more);
  leave(all);
}

int begin_programs(napi_env env, struct programs **result) {
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
