/* What the files of the addon have in common. */
#define _GNU_SOURCE
#define NAPI_VERSION 8
#include <node_api.h>

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/wait.h>

/* 0, 1 and 2 are a program's, so no descriptor of ours may have one of those numbers. */
enum { STANDARD = 3 };

/* Named by newer C libraries only. */
#define WAIT_PIDFD ((idtype_t)3)

/* values.c */

/* An Int32Array of at least `least` numbers, or NULL. */
int32_t *numbers_of(napi_env env, napi_value value, size_t least, size_t *count);
/*
 * Strings one after the other in a Uint8Array, each with its NUL, as a list for execve, which is the caller's to free: its
 * size is added to `total`. NULL if it is none, or out of memory.
 */
char **strings_of(napi_env env, napi_value value, size_t *total);
int is_function(napi_env env, napi_value value);

napi_value answer(napi_env env, int number);
void add_function(napi_env env, napi_value exports, const char *name, napi_callback function);

/* start.c */

/* A program that is to be started, and what comes of it. A descriptor that is not there is -1. */
struct start {
  const char *file, *cwd;
  char **looks; /* what has to be there: `f` and a file, `d` and a directory that can be entered, `x` and a command */
  char **argv, **environment;
  int slave;                            /* the terminal that it gets; without one, pipes */
  int ours[STANDARD], theirs[STANDARD]; /* ends of the pipes, all above the standard three */
  volatile int error;                   /* errno of the step that failed; EINVAL if a look has found another kind */
  int failed;                           /* which of the looks it was, or -1 */
  atomic_int abandoned;                 /* set by another thread: nobody waits for it, so nothing is to run any more */
  pid_t pid;
  int pidfd;
};

/* Unless there is a terminal. Answers errno, and then none is open. */
int open_pipes(struct start *start);

/*
 * Answers errno, or 0 with the program running, when the child has become it, which may take as long as a file system
 * takes to look at a place or to open a file; ECANCELED if it was abandoned before the file is opened. All signals are blocked meanwhile. Nobody closes the slave before it returns.
 */
int start_program(struct start *start);

/* Closes all descriptors from `first` up; -1 with errno. */
int close_above(unsigned first);
/* Closes those that are there, which are not from then on. */
void close_all(int *fds, int count);
/* `fd`, or what takes its place above the standard three; -1 with errno, and then it is closed. */
int above_standard(int fd);

/* descriptors.c */
void add_descriptors(napi_env env, napi_value exports);

/* requests.c */
void add_requests(napi_env env, napi_value exports);

/* scheduling.c */
void add_scheduling(napi_env env, napi_value exports);

/* terminals.c */
void add_terminals(napi_env env, napi_value exports);
