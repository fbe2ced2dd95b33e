/* What the files of the addon have in common. */
#define _GNU_SOURCE
#define NAPI_VERSION 8
#include <node_api.h>

#include <stdint.h>

/* 0, 1 and 2 are a program's, so no descriptor of ours may have one of those numbers. */
enum { STANDARD = 3 };

/* `fd`, or what takes its place above the standard three; -1 with errno, and then it is closed. */
int above_standard(int fd);

/* An Int32Array of at least `least` numbers, or NULL. */
int32_t *numbers_of(napi_env env, napi_value value, size_t least, size_t *count);

napi_value answer(napi_env env, int number);
void add_function(napi_env env, napi_value exports, const char *name, napi_callback function);

/* descriptors.c */
void add_descriptors(napi_env env, napi_value exports);

/* terminals.c */
void add_terminals(napi_env env, napi_value exports);
