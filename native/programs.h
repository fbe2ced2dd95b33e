/* The programs of one environment, which requests.c takes, starters.c starts and programs.c tells of. */
#include "addon.h"

#include <pthread.h>

/* Until a program is STARTED, its state is changed under the lock; from then on it is the JavaScript thread's alone. */
enum state { WAITING, STARTING, STARTED, RUNNING };

struct program {
  struct start start;
  char **places, **argv, **environment; /* memory of its strings, until it has started */
  size_t bytes;                         /* of all that */
  enum state state;
  int32_t number; /* by which JavaScript abandons it */
  int error; /* of the start */
  napi_ref started, exited;
  struct programs *all;
  struct program *next, **here; /* in the list of all */
  struct program *behind;       /* in the queue of those that wait */
};

struct programs {
  napi_threadsafe_function tell;
  pthread_t watcher;
  int epoll;
  int stop;
  struct program *list; /* the JavaScript thread's alone */
  int32_t numbers;      /* given to programs that are started aside, from 1 */

  pthread_mutex_t lock; /* for all below */
  pthread_cond_t more;
  struct program *first, **last; /* of the queue */
  int waiting;
  size_t waiting_bytes;
  int starters, idle;
  int users; /* the starters, and the environment */
  int ended;
};

/* programs.c */

/* Answers errno, or 0 with the programs of an environment that has had none. */
int begin_programs(napi_env env, struct programs **result);
/* From here on `tell` tells of it, with its references to JavaScript. */
void remember(napi_env env, struct program *program);
/* It is let go, too. */
void forget(napi_env env, struct program *program);
/* When the start is over. Answers errno; the program is killed again if nobody can hear of its end. */
int await_end(struct program *program);
/* Nobody hears of it any more. If it runs, it goes on without us. */
void let_go(struct program *program);

/* starters.c */

/*
 * Answers errno, EAGAIN if too much waits already; otherwise `tell` is called with the program when it is STARTED, or has
 * failed to, unless all has ended before. All signals are blocked meanwhile.
 */
int queue_start(struct programs *all, struct program *program);

/* One of the users has done with all of it. With the lock, which is gone then. */
void leave(struct programs *all);
