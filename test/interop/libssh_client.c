/*
 * libssh as a command-line client: exec or shell, standard streams passed through, the exit code passed on. Debian has
 * the library and no client of it that takes a command; this is the least that one can be.
 *
 * A command that a signal ended is told on standard error as "signal NAME". Algorithms are those that libssh offers by
 * itself.
 *
 * usage: libssh_client exec|shell HOST PORT USER KEY KNOWN_HOSTS [COMMAND]
 * build: cc -O1 -o libssh_client libssh_client.c -lssh   (Debian: gcc libc6-dev libssh-dev)
 */
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int status = 255;

static void die(const char *what, ssh_session session) {
  fprintf(stderr, "libssh: %s: %s\n", what, session ? ssh_get_error(session) : "failed");
  exit(254);
}

static int data(ssh_session session, ssh_channel channel, void *bytes, uint32_t length, int is_stderr, void *userdata) {
  uint32_t done = 0;
  (void)channel, (void)userdata;
  while (done < length) {
    ssize_t count = write(is_stderr ? 2 : 1, (char *)bytes + done, length - done);
    if (count < 0) die("write", session);
    done += count;
  }
  return length;
}

static void exit_status(ssh_session session, ssh_channel channel, int code, void *userdata) {
  (void)session, (void)channel, (void)userdata;
  status = code;
}

static void exit_signal(ssh_session session, ssh_channel channel, const char *name, int core, const char *message,
                        const char *language, void *userdata) {
  (void)session, (void)channel, (void)core, (void)message, (void)language, (void)userdata;
  fprintf(stderr, "signal %s\n", name);
}

static ssh_session login(char **argv) {
  ssh_session session = ssh_new();
  ssh_key key;
  int off = 0;
  ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &off);
  ssh_options_set(session, SSH_OPTIONS_HOST, argv[2]);
  ssh_options_set(session, SSH_OPTIONS_PORT_STR, argv[3]);
  ssh_options_set(session, SSH_OPTIONS_USER, argv[4]);
  ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, argv[6]);
  if (ssh_pki_import_privkey_file(argv[5], NULL, NULL, NULL, &key) != SSH_OK) die("read the key", NULL);
  if (ssh_connect(session) != SSH_OK) die("connect", session);
  if (ssh_session_is_known_server(session) != SSH_KNOWN_HOSTS_OK) die("host key", session);
  if (ssh_userauth_publickey(session, NULL, key) != SSH_AUTH_SUCCESS) die("log in", session);
  return session;
}

/* One read of standard input; the write waits for window, and lets data in meanwhile. */
static int feed(ssh_session session, ssh_channel channel) {
  char bytes[32768];
  ssize_t count = read(0, bytes, sizeof bytes);
  if (count <= 0) return ssh_channel_send_eof(channel), 0;
  if (ssh_channel_write(channel, bytes, count) != count && ssh_channel_is_open(channel)) die("write", session);
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 7) die("usage", NULL);
  ssh_session session = login(argv);
  ssh_channel channel = ssh_channel_new(session);
  ssh_event event = ssh_event_new();
  struct ssh_channel_callbacks_struct callbacks = {
      .channel_data_function = data,
      .channel_exit_status_function = exit_status,
      .channel_exit_signal_function = exit_signal,
  };
  ssh_callbacks_init(&callbacks);
  ssh_set_channel_callbacks(channel, &callbacks);
  if (ssh_channel_open_session(channel) != SSH_OK) die("open a session", session);
  if (strcmp(argv[1], "shell") == 0) {
    if (ssh_channel_request_pty_size(channel, "xterm", 80, 24) != SSH_OK) die("terminal", session);
    if (ssh_channel_request_shell(channel) != SSH_OK) die("shell", session);
  } else if (ssh_channel_request_exec(channel, argv[7]) != SSH_OK) {
    die("exec", session);
  }

  ssh_event_add_session(event, session);
  struct pollfd ends[] = {{.fd = ssh_get_fd(session), .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  while (!ssh_channel_is_closed(channel)) {
    if (poll(ends, 2, -1) < 0) die("poll", NULL);
    if (ends[0].revents != 0) ssh_event_dopoll(event, 0);
    if (ends[1].revents != 0 && !feed(session, channel)) ends[1].fd = -1;
  }
  ssh_disconnect(session);
  return status;
}
