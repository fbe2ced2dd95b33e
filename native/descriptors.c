/*
 * Reads and writes at once, for transport/process/native-programs.ts: as fs.readSync does it, but that there is nothing
 * is no exception, and as a stream's write, without an object for each; and a pipe that carries much is made larger.
 *
 * The descriptors are the caller's, and such that nothing waits (O_NONBLOCK): libuv makes all of its own so. Which error
 * it was, nobody asks: whoever goes on by the stream hears of it there.
 * Facts: read(2), write(2), tty(4), pipe(7), fcntl(2) F_SETPIPE_SZ.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/uio.h>
#include <unistd.h>

struct bytes {
  char *data;
  size_t length;
};

/* A Uint8Array, or no bytes. */
static struct bytes bytes_of(napi_env env, napi_value value) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array)
    return (struct bytes){NULL, 0};
  return (struct bytes){data, length};
}

/* What both are called with: a descriptor, and the bytes to fill or to take from. */
static struct bytes descriptor_and_bytes(napi_env env, napi_callback_info info, int32_t *fd) {
  size_t count = 2;
  napi_value given[2];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  napi_get_value_int32(env, given[0], fd);
  return bytes_of(env, given[1]);
}

/* readNow(fd, memory) → bytes, none where there are none or it fails. */
static napi_value read_now(napi_env env, napi_callback_info info) {
  int32_t fd = -1;
  struct bytes memory = descriptor_and_bytes(env, info, &fd);
  ssize_t taken;
  do taken = read(fd, memory.data, memory.length);
  while (taken < 0 && errno == EINTR);
  return answer(env, taken < 0 ? 0 : (int)taken);
}

/* writeNow(fd, data) → bytes: fewer than all where there is no room for more, none where it fails. */
static napi_value write_now(napi_env env, napi_callback_info info) {
  int32_t fd = -1;
  struct bytes bytes = descriptor_and_bytes(env, info, &fd);
  ssize_t written;
  do written = write(fd, bytes.data, bytes.length);
  while (written < 0 && errno == EINTR);
  return answer(env, written < 0 ? 0 : (int)written);
}

/*
 * writePiecesNow(fd, pieces) → bytes, as writeNow, of all pieces in one call: behind the sixteenth, or where one is no
 * Uint8Array, it takes no more.
 */
static napi_value write_pieces_now(napi_env env, napi_callback_info info) {
  enum { MOST = 16 };
  size_t count = 2;
  napi_value given[2], piece;
  int32_t fd = -1;
  uint32_t pieces = 0, filled = 0;
  struct iovec parts[MOST];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  napi_get_value_int32(env, given[0], &fd);
  if (napi_get_array_length(env, given[1], &pieces) != napi_ok) return answer(env, 0);
  for (; filled < pieces && filled < MOST; filled += 1) {
    if (napi_get_element(env, given[1], filled, &piece) != napi_ok) break;
    struct bytes bytes = bytes_of(env, piece);
    if (bytes.data == NULL) break;
    parts[filled] = (struct iovec){bytes.data, bytes.length};
  }
  ssize_t written;
  do written = writev(fd, parts, (int)filled);
  while (written < 0 && errno == EINTR);
  return answer(env, written < 0 ? 0 : (int)written);
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

void add_descriptors(napi_env env, napi_value exports) {
  add_function(env, exports, "readNow", read_now);
  add_function(env, exports, "writeNow", write_now);
  add_function(env, exports, "writePiecesNow", write_pieces_now);
  add_function(env, exports, "growPipe", grow_pipe);
}
