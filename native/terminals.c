/*
 * Opens terminals for requests.c to start programs on, for transport/process/native-programs.ts: with their size and
 * modes before anybody can see them, and closed on exec on both sides, so that nobody inherits one by accident.
 *
 * The kernel makes a terminal as OpenSSH's sshd gives it to a program, but for IUTF8: without that, erasing a character
 * of several bytes erases one of them. Modes are RFC 4254's, and what Linux lacks, or the driver of ptys fixes, is passed
 * over, as terminal-modes.ts does where stty(1) sets them: the tables say the same, and a test holds them to it.
 * Facts: RFC 4254 §8, ioctl_tty(2), termios(3), pty(7); OpenSSH ttymodes.h; Linux drivers/tty/pty.c.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Linux 4.13; named by newer C libraries only. */
#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

/* ---- modes ---- */

enum word { NONE, INPUT, OUTPUT, CONTROL, LOCAL, CHARACTER };

/* By opcode: a flag of one of the words, or the index of a control character. */
static const struct mode {
  enum word word;
  tcflag_t flag;
} modes[] = {
    [1] = {CHARACTER, VINTR},    [2] = {CHARACTER, VQUIT},     [3] = {CHARACTER, VERASE},  [4] = {CHARACTER, VKILL},
    [5] = {CHARACTER, VEOF},     [6] = {CHARACTER, VEOL},      [7] = {CHARACTER, VEOL2},   [8] = {CHARACTER, VSTART},
    [9] = {CHARACTER, VSTOP},    [10] = {CHARACTER, VSUSP},    [12] = {CHARACTER, VREPRINT}, [13] = {CHARACTER, VWERASE},
    [14] = {CHARACTER, VLNEXT},  [16] = {CHARACTER, VSWTC},    [18] = {CHARACTER, VDISCARD},
    [30] = {INPUT, IGNPAR},      [31] = {INPUT, PARMRK},       [32] = {INPUT, INPCK},      [33] = {INPUT, ISTRIP},
    [34] = {INPUT, INLCR},       [35] = {INPUT, IGNCR},        [36] = {INPUT, ICRNL},      [37] = {INPUT, IUCLC},
    [38] = {INPUT, IXON},        [39] = {INPUT, IXANY},        [40] = {INPUT, IXOFF},      [41] = {INPUT, IMAXBEL},
    [42] = {INPUT, IUTF8},
    [50] = {LOCAL, ISIG},        [51] = {LOCAL, ICANON},       [52] = {LOCAL, XCASE},      [53] = {LOCAL, ECHO},
    [54] = {LOCAL, ECHOE},       [55] = {LOCAL, ECHOK},        [56] = {LOCAL, ECHONL},     [57] = {LOCAL, NOFLSH},
    [58] = {LOCAL, TOSTOP},      [59] = {LOCAL, IEXTEN},       [60] = {LOCAL, ECHOCTL},    [61] = {LOCAL, ECHOKE},
    [70] = {OUTPUT, OPOST},      [71] = {OUTPUT, OLCUC},       [72] = {OUTPUT, ONLCR},     [73] = {OUTPUT, OCRNL},
    [74] = {OUTPUT, ONOCR},      [75] = {OUTPUT, ONLRET},
    [93] = {CONTROL, PARODD},
};
enum { MODES = sizeof modes / sizeof *modes, DISABLED = 255, SPEED_IN = 128, SPEED_OUT = 129 };

/* 0 is left out: it would hang the terminal up. */
static const struct {
  int32_t baud;
  speed_t speed;
} speeds[] = {
    {50, B50},           {75, B75},           {110, B110},         {134, B134},         {150, B150},
    {200, B200},         {300, B300},         {600, B600},         {1200, B1200},       {1800, B1800},
    {2400, B2400},       {4800, B4800},       {9600, B9600},       {19200, B19200},     {38400, B38400},
    {57600, B57600},     {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
    {576000, B576000},   {921600, B921600},   {1000000, B1000000}, {1152000, B1152000}, {1500000, B1500000},
    {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000}, {3500000, B3500000}, {4000000, B4000000},
};

/* Linux has one speed for both directions, so the last one that is named holds. */
static void set_speed(struct termios *termios, int32_t baud) {
  for (size_t index = 0; index < sizeof speeds / sizeof *speeds; index += 1) {
    if (speeds[index].baud == baud) cfsetspeed(termios, speeds[index].speed);
  }
}

static void set_mode(struct termios *termios, int32_t opcode, uint32_t value) {
  if (opcode == SPEED_IN || opcode == SPEED_OUT) return set_speed(termios, (int32_t)value);
  if (opcode < 0 || opcode >= MODES) return;
  struct mode mode = modes[opcode];
  tcflag_t *words[] = {
      [INPUT] = &termios->c_iflag, [OUTPUT] = &termios->c_oflag, [CONTROL] = &termios->c_cflag, [LOCAL] = &termios->c_lflag};
  if (mode.word == NONE) return;
  if (mode.word == CHARACTER) {
    if (value <= DISABLED) termios->c_cc[mode.flag] = value == DISABLED ? _POSIX_VDISABLE : (cc_t)value;
  } else if (value != 0) {
    *words[mode.word] |= mode.flag;
  } else {
    *words[mode.word] &= ~mode.flag;
  }
}

/* Pairs of opcode and value, in the order of the wire. Answers errno. */
static int set_modes(int slave, const int32_t *pairs, size_t count) {
  struct termios termios;
  if (tcgetattr(slave, &termios) < 0) return errno;
  termios.c_iflag |= IUTF8;
  for (size_t index = 0; index + 1 < count; index += 2) set_mode(&termios, pairs[index], (uint32_t)pairs[index + 1]);
  return tcsetattr(slave, TCSANOW, &termios) < 0 ? errno : 0;
}

/* ---- terminals ---- */

enum { SIZE = 4 };

/* Columns, rows, width and height in pixels; each has been held to 16 bits. Answers errno. */
static int set_size(int fd, const int32_t size[SIZE]) {
  struct winsize winsize = {
      .ws_col = (unsigned short)size[0], .ws_row = (unsigned short)size[1],
      .ws_xpixel = (unsigned short)size[2], .ws_ypixel = (unsigned short)size[3]};
  return ioctl(fd, TIOCSWINSZ, &winsize) < 0 ? errno : 0;
}

/* The slave is got from the master itself, whatever /dev/pts shows. Answers errno; `ends` are to be closed in any case. */
static int open_ends(int ends[2], int *number) {
  int locked = 0;
  ends[0] = above_standard(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (ends[0] < 0) return errno;
  if (ioctl(ends[0], TIOCSPTLCK, &locked) < 0 || ioctl(ends[0], TIOCGPTN, number) < 0) return errno;
  ends[1] = above_standard(ioctl(ends[0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  return ends[1] < 0 ? errno : 0;
}

/*
 * openTerminal(settings, result) → errno. Both are Int32Arrays: columns, rows, width, height, then opcodes with values;
 * and master, slave, both of them the caller's to close, and the terminal's number in /dev/pts.
 */
static napi_value open_terminal(napi_env env, napi_callback_info info) {
  size_t count = 2, length = 0;
  napi_value given[2];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  int32_t *settings = numbers_of(env, given[0], SIZE, &length);
  int32_t *result = numbers_of(env, given[1], 3, NULL);
  if (settings == NULL || result == NULL) return answer(env, EINVAL);

  int ends[2] = {-1, -1}, number = -1;
  int error = open_ends(ends, &number);
  if (error == 0) error = set_size(ends[0], settings);
  if (error == 0) error = set_modes(ends[1], settings + SIZE, length - SIZE);
  if (error == 0) {
    result[0] = ends[0], result[1] = ends[1], result[2] = number;
  } else {
    if (ends[0] >= 0) close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
  }
  return answer(env, error);
}

/* resizeTerminal(master, size) → errno; `size` as in openTerminal. */
static napi_value resize_terminal(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value given[2];
  int32_t master = -1;
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  napi_get_value_int32(env, given[0], &master);
  int32_t *size = numbers_of(env, given[1], SIZE, NULL);
  return answer(env, size == NULL ? EINVAL : set_size(master, size));
}

void add_terminals(napi_env env, napi_value exports) {
  add_function(env, exports, "openTerminal", open_terminal);
  add_function(env, exports, "resizeTerminal", resize_terminal);
}
