/*
 * `spawn`, `start` and `abandon`, for transport/process/native-programs.ts: a program as JavaScript gives it, started at
 * once, or by starters.c when it has time, or not any more.
 */
#include "programs.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

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
  remember(env, program);
  return 0;
}

/* What `spawn` and `start` are given, and where it goes. */
struct request {
  napi_env env;
  struct program *program;
  int32_t *result;
  napi_value started, exited; /* the first is NULL for `spawn` */
};

/* After the last comes the first: whoever had it has been started, or is not, for long. */
static int32_t next_number(struct programs *all) {
  return all->numbers = all->numbers == INT32_MAX ? 1 : all->numbers + 1;
}

/* Either at once, or when a starter has time. Answers errno. */
static int carry_out(const struct request *request) {
  struct program *program = request->program;
  int error = add_program(request->env, program, request->started, request->exited);
  if (error != 0) return error;
  int ours[STANDARD]; /* a starter may be done with the program before this is */
  memcpy(ours, program->start.ours, sizeof ours);
  if (request->started != NULL) {
    request->result[0] = program->number = next_number(program->all);
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
 * As `spawn`, but that `result` has a number for `abandon` in place of the process id: started(errno, process id) is called once, in a later turn, and before
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

/*
 * abandon(number) → errno, EINVAL if there is no such program. One that has not been started yet is not from then on, but
 * for the moment in which its file is opened: started(ECANCELED, -1) is called when its thread is free again.
 */
static napi_value abandon(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value given;
  int32_t number;
  struct programs *all;
  napi_get_cb_info(env, info, &count, &given, NULL, NULL);
  napi_get_instance_data(env, (void **)&all);
  if (all == NULL || napi_get_value_int32(env, given, &number) != napi_ok || number < 1) return answer(env, EINVAL);
  struct program *program = all->list;
  while (program != NULL && program->number != number) program = program->next;
  if (program == NULL) return answer(env, EINVAL);
  program->start.abandoned = 1;
  return answer(env, 0);
}

void add_requests(napi_env env, napi_value exports) {
  add_function(env, exports, "spawn", spawn);
  add_function(env, exports, "start", start);
  add_function(env, exports, "abandon", abandon);
}
