/*
 * Writes to the pipes of programs.c, for transport/process/native-input.ts: what fits into one leaves there and then,
 * with no stream of Node's between, and a pipe that carries much is made larger.
 *
 * Nothing here waits or remembers: whoever has the descriptor polls it. Facts: write(2), pipe(7), fcntl(2) F_SETPIPE_SZ.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/*
 * writePipe(fd, data) → how many bytes of the Uint8Array `data` were taken. Fewer than all if the pipe is full, none if
 * it is broken. It does not wait if the descriptor is non-blocking.
 */
static napi_value write_pipe(napi_env env, napi_callback_info info) {
  size_t count = 2, length;
  napi_value given[2];
  napi_typedarray_type type;
  void *data;
  int32_t fd;
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  if (napi_get_value_int32(env, given[0], &fd) != napi_ok) return answer(env, 0);
  if (napi_get_typedarray_info(env, given[1], &type, &length, &data, NULL, NULL) != napi_ok) return answer(env, 0);
  if (type != napi_uint8_array) return answer(env, 0);
  ssize_t taken;
  do taken = write(fd, data, length);
  while (taken < 0 && errno == EINTR);
  return answer(env, taken < 0 ? 0 : (int)taken);
}

/* growPipe(fd, bytes) → errno. Never without privilege beyond /proc/sys/fs/pipe-max-size and what the user has left. */
static napi_value grow_pipe(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value given[2];
  int32_t fd = -1, bytes = 0;
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  napi_get_value_int32(env, given[0], &fd);
  napi_get_value_int32(env, given[1], &bytes);
  return answer(env, fcntl(fd, F_SETPIPE_SZ, bytes) < 0 ? errno : 0);
}

void add_pipes(napi_env env, napi_value exports) {
  add_function(env, exports, "writePipe", write_pipe);
  add_function(env, exports, "growPipe", grow_pipe);
}
