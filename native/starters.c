/*
 * The threads that start programs: a start takes as long as a file system takes to open the program's file, and neither
 * the event loop nor the threads of libuv, which read files and look up names, are to stand still meanwhile.
 *
 * Each thread is made when all others are at work, and stays for as long as the environment. Nobody waits for one that
 * is at work when that ends: it lets go of what comes of it. (The addon is never unloaded: native/build.js.)
 */
#include "programs.h"

#include <errno.h>
#include <stdlib.h>

enum {
  STARTERS = 32,                    /* transport/process/patient-start.ts knows that */
  STARTER_STACK = 256 * 1024,       /* the child's is on it */
  WAITING_BYTES = 16 * 1024 * 1024, /* of programs that wait to be started; one alone may be larger */
};

void leave(struct programs *all) {
  int users = all->users -= 1;
  pthread_mutex_unlock(&all->lock);
  if (users > 0) return;
  pthread_mutex_destroy(&all->lock);
  pthread_cond_destroy(&all->more);
  free(all);
}

/* The next that waits, or NULL when all has ended. With the lock. */
static struct program *next_start(struct programs *all) {
  while (all->first == NULL && !all->ended) {
    all->idle += 1;
    pthread_cond_wait(&all->more, &all->lock);
    all->idle -= 1;
  }
  if (all->ended) return NULL;
  struct program *program = all->first;
  all->first = program->behind;
  if (all->first == NULL) all->last = &all->first;
  all->waiting -= 1;
  all->waiting_bytes -= program->bytes;
  program->state = STARTING;
  return program;
}

static void *start_programs(void *argument) {
  struct programs *all = argument;
  struct program *program;
  pthread_mutex_lock(&all->lock);
  while ((program = next_start(all)) != NULL) {
    pthread_mutex_unlock(&all->lock);
    program->error = start_program(&program->start);
    pthread_mutex_lock(&all->lock);
    program->state = STARTED;
    if (all->ended) let_go(program);
    else napi_call_threadsafe_function(all->tell, program, napi_tsfn_nonblocking);
  }
  leave(all);
  return NULL;
}

/* One more if all are at work. With the lock, and all signals blocked, as they are on the new thread. Answers errno. */
static int add_starter(struct programs *all) {
  pthread_t thread;
  pthread_attr_t attributes;
  if (all->idle > all->waiting || all->starters == STARTERS) return 0;
  int error = pthread_attr_init(&attributes);
  if (error != 0) return error;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STARTER_STACK);
  error = pthread_create(&thread, &attributes, start_programs, all);
  pthread_attr_destroy(&attributes);
  if (error == 0) all->starters += 1, all->users += 1;
  return all->starters > 0 ? 0 : error;
}

int queue_start(struct programs *all, struct program *program) {
  pthread_mutex_lock(&all->lock);
  int is_full = all->waiting > 0 && all->waiting_bytes + program->bytes > WAITING_BYTES;
  int error = is_full ? EAGAIN : add_starter(all);
  if (error == 0) {
    *all->last = program;
    all->last = &program->behind;
    all->waiting += 1;
    all->waiting_bytes += program->bytes;
    pthread_cond_signal(&all->more);
  }
  pthread_mutex_unlock(&all->lock);
  return error;
}
