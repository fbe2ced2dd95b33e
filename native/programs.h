/* The programs of one environment, which programs.c tells of and starters.c starts. */
#include "addon.h"

#include <pthread.h>

/* Until a program is STARTED, its state is changed under the lock; from then on it is the JavaScript thread's alone. */
enum state { WAITING, STARTING, STARTED, RUNNING };

struct program {
  struct start start;
  char **places, **argv, **environment; /* memory of its strings, until it has started */
  size_t bytes;                         /* of all that */
  enum state state;
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
  struct program *list;

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
