/*
 * The load that every server in the bench is put under, whoever wrote it: one client, in C over libssh.
 *
 * A client in Node would take the processor from a server in Node, and OpenSSH's starts a process for each login; this
 * one costs the same for every server and less than any of them. It counts, it judges nothing. It trusts any host key.
 *
 * usage: load MODE HOST PORT USER KEY CIPHER KEX PARALLEL ARGUMENT...
 *   connect SECONDS           log in and out again, PARALLEL at a time; prints logins and seconds
 *   exec SECONDS COMMAND      run COMMAND again and again on an open connection; prints runs and seconds
 *   keys COUNT MICROSECONDS   type on a terminal that echoes; prints each delay in microseconds
 *   flood BYTES               let `yes` run on a terminal and read so much; prints bytes and seconds
 *   hold SESSIONS COMMAND     PARALLEL connections with so many sessions each ("" has none, "pty" is a shell on a
 *                             terminal), read until standard input ends; prints "ready"
 *   stall COMMAND             run COMMAND and read nothing until standard input ends; prints "ready"
 *
 * build: cc -O2 -o load load.c -lssh   (Debian: gcc libssh-dev libc6-dev)
 */
#define _GNU_SOURCE
#include <libssh/libssh.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *host, *port, *user, *cipher, *kex;
static ssh_key key;

static void die(const char *what, ssh_session session) {
  fprintf(stderr, "load: %s: %s\n", what, session ? ssh_get_error(session) : "failed");
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static ssh_session login(void) {
  ssh_session session = ssh_new();
  int off = 0, on = 1;
  ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &off);
  ssh_options_set(session, SSH_OPTIONS_NODELAY, &on);
  ssh_options_set(session, SSH_OPTIONS_HOST, host);
  ssh_options_set(session, SSH_OPTIONS_PORT_STR, port);
  ssh_options_set(session, SSH_OPTIONS_USER, user);
  ssh_options_set(session, SSH_OPTIONS_KEY_EXCHANGE, kex);
  ssh_options_set(session, SSH_OPTIONS_HOSTKEYS, "ssh-ed25519");
  ssh_options_set(session, SSH_OPTIONS_CIPHERS_C_S, cipher);
  ssh_options_set(session, SSH_OPTIONS_CIPHERS_S_C, cipher);
  if (ssh_connect(session) != SSH_OK) die("connect", session);
  if (ssh_userauth_publickey(session, NULL, key) != SSH_AUTH_SUCCESS) die("log in", session);
  return session;
}

static void logout(ssh_session session) {
  ssh_disconnect(session);
  ssh_free(session);
}

static ssh_channel start(ssh_session session, const char *command) {
  ssh_channel channel = ssh_channel_new(session);
  if (ssh_channel_open_session(channel) != SSH_OK) die("open a session", session);
  if (strcmp(command, "pty") == 0) {
    if (ssh_channel_request_pty_size(channel, "xterm", 80, 24) != SSH_OK) die("terminal", session);
    if (ssh_channel_request_shell(channel) != SSH_OK) die("shell", session);
  } else if (ssh_channel_request_exec(channel, command) != SSH_OK) {
    die("exec", session);
  }
  return channel;
}

static void wait_for_end_of_input(void) {
  char byte;
  while (read(0, &byte, 1) > 0) {
  }
}

static void say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  fflush(stdout);
}

static long connects(double seconds) {
  long count = 0;
  for (double end = now() + seconds; now() < end; count++) logout(login());
  return count;
}

static long execs(double seconds, const char *command) {
  ssh_session session = login();
  char buffer[4096];
  long count = 0;
  for (double end = now() + seconds; now() < end; count++) {
    ssh_channel channel = start(session, command);
    while (ssh_channel_read(channel, buffer, sizeof buffer, 0) > 0) {
    }
    if (ssh_channel_get_exit_status(channel) != 0) die("exit status", session);
    ssh_channel_close(channel);
    ssh_channel_free(channel);
  }
  logout(session);
  return count;
}

static void keys(long count, long pause) {
  ssh_session session = login();
  ssh_channel channel = ssh_channel_new(session);
  char buffer[4096];
  if (ssh_channel_open_session(channel) != SSH_OK) die("open a session", session);
  if (ssh_channel_request_pty_size(channel, "xterm", 80, 24) != SSH_OK) die("terminal", session);
  if (ssh_channel_request_exec(channel, "cat") != SSH_OK) die("exec", session);
  for (long i = -20; i < count; i++) {
    double before;
    usleep(i < 0 ? 20000 : pause);
    before = now();
    if (ssh_channel_write(channel, "k", 1) != 1) die("type", session);
    if (ssh_channel_read(channel, buffer, sizeof buffer, 0) < 1) die("echo", session);
    if (i >= 0) say("%.0f\n", (now() - before) * 1e6);
  }
  logout(session);
}

/* Timed from the first byte on, so that what starting costs is not in it. */
static void flood(long bytes) {
  ssh_session session = login();
  ssh_channel channel = ssh_channel_new(session);
  static char buffer[1 << 20];
  double begin;
  long total = 0;
  if (ssh_channel_open_session(channel) != SSH_OK) die("open a session", session);
  if (ssh_channel_request_pty_size(channel, "xterm", 80, 24) != SSH_OK) die("terminal", session);
  if (ssh_channel_request_exec(channel, "yes") != SSH_OK) die("exec", session);
  if (ssh_channel_read(channel, buffer, sizeof buffer, 0) < 1) die("first byte", session);
  begin = now();
  while (total < bytes) {
    int count = ssh_channel_read(channel, buffer, sizeof buffer, 0);
    if (count < 1) die("flood", session);
    total += count;
  }
  say("%ld %.6f\n", total, now() - begin);
  logout(session);
}

static void hold(long sessions, const char *command, int ready) {
  ssh_session session = login();
  ssh_event event = ssh_event_new();
  ssh_channel *channels = calloc(sessions + 1, sizeof *channels);
  char buffer[65536];
  for (long i = 0; i < sessions; i++) channels[i] = start(session, command);
  ssh_event_add_session(event, session);
  if (write(ready, "r", 1) != 1) exit(1);
  for (;;) {
    ssh_event_dopoll(event, 1000);
    for (long i = 0; i < sessions; i++)
      while (ssh_channel_read_nonblocking(channels[i], buffer, sizeof buffer, 0) > 0) {
      }
  }
}

static void hold_all(long parallel, long sessions, const char *command) {
  pid_t *children = calloc(parallel, sizeof *children);
  int pipes[2];
  char byte;
  if (pipe(pipes) != 0) die("pipe", NULL);
  for (long i = 0; i < parallel; i++) {
    children[i] = fork();
    if (children[i] == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) hold(sessions, command, pipes[1]);
    if (read(pipes[0], &byte, 1) != 1) die("hold", NULL);
  }
  say("ready\n");
  wait_for_end_of_input();
  for (long i = 0; i < parallel; i++) kill(children[i], 9);
}

static void stall(const char *command) {
  start(login(), command);
  say("ready\n");
  wait_for_end_of_input();
}

/* PARALLEL processes that count for so many seconds; their sum. */
static void count_together(long parallel, const char *mode, double seconds, const char *command) {
  double before = now();
  long total = 0, one;
  int pipes[2];
  if (pipe(pipes) != 0) die("pipe", NULL);
  for (long i = 0; i < parallel; i++) {
    if (fork() != 0) continue;
    one = strcmp(mode, "connect") == 0 ? connects(seconds) : execs(seconds, command);
    if (write(pipes[1], &one, sizeof one) != sizeof one) exit(1);
    exit(0);
  }
  close(pipes[1]);
  while (read(pipes[0], &one, sizeof one) == sizeof one) total += one;
  for (int status; wait(&status) > 0;)
    if (status != 0) exit(1);
  say("%ld %.6f\n", total, now() - before);
}

int main(int argc, char **argv) {
  if (argc < 10) die("usage", NULL);
  const char *mode = argv[1], *argument = argc > 10 ? argv[10] : "";
  long parallel = atol(argv[8]);
  host = argv[2], port = argv[3], user = argv[4], cipher = argv[6], kex = argv[7];
  ssh_init();
  if (ssh_pki_import_privkey_file(argv[5], NULL, NULL, NULL, &key) != SSH_OK) die("read the key", NULL);
  if (strcmp(mode, "connect") == 0 || strcmp(mode, "exec") == 0)
    count_together(parallel, mode, atof(argv[9]), argument);
  else if (strcmp(mode, "keys") == 0)
    keys(atol(argv[9]), atol(argument));
  else if (strcmp(mode, "flood") == 0)
    flood(atol(argv[9]));
  else if (strcmp(mode, "hold") == 0)
    hold_all(parallel, atol(argv[9]), argument);
  else if (strcmp(mode, "stall") == 0)
    stall(argv[9]);
  else
    die("mode", NULL);
  return 0;
}
