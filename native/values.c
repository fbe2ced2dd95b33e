/*
 * What JavaScript gives to the addon's functions, checked, and what they give it.
 *
 * Facts: "Node-API" of Node 20.
 */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

char **strings_of(napi_env env, napi_value value, size_t *total) {
  napi_typedarray_type type;
  size_t length, count = 0;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return NULL;
  const char *given = data;
  if (type != napi_uint8_array || (length > 0 && given[length - 1] != '\0')) return NULL;
  for (size_t index = 0; index < length; index += 1) count += given[index] == '\0';
  size_t size = (count + 1) * sizeof(char *) + length;
  char **strings = malloc(size);
  if (strings == NULL) return NULL;
  char *bytes = memcpy((char *)(strings + count + 1), given, length);
  for (size_t index = 0; index < count; index += 1) {
    strings[index] = bytes;
    bytes += strlen(bytes) + 1;
  }
  strings[count] = NULL;
  *total += size;
  return strings;
}

int32_t *numbers_of(napi_env env, napi_value value, size_t least, size_t *count) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return NULL;
  if (type != napi_int32_array || length < least) return NULL;
  if (count != NULL) *count = length;
  return data;
}

napi_value answer(napi_env env, int number) {
  napi_value value;
  napi_create_int32(env, number, &value);
  return value;
}

void add_function(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value);
  napi_set_named_property(env, exports, name, value);
}

int is_function(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  return napi_typeof(env, value, &type) == napi_ok && type == napi_function;
}
