/* Typed reading of JSON from outside. Values are cJSON's and may be walked as such (cJSON_ArrayForEach); they are parsed here
 * alone, within bounds. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/error.h"

/* Parses LEN bytes that must be one JSON value of valid UTF-8, nested at most 100 deep, no text with U+0000. The caller's to
 * release with json_free(). Errors: ERR_INVALID with the place of the fault, ERR_NO_MEMORY. */
MUST_USE bool json_parse(const char *bytes, size_t len, cJSON **out, struct error *err);

/* cJSON_Delete() for AUTO. */
void json_free(cJSON **json);

/* The member NAME of an object, if it is an object, an array, a text. NULL when it is missing, null, of another type, or PARENT
 * is NULL or no object. Borrowed. */
const cJSON *json_object(const cJSON *parent, const char *name);
const cJSON *json_array(const cJSON *parent, const char *name);
const char *json_text(const cJSON *parent, const char *name);

/* A whole number, given as number or as decimal text (YouTube's counts are text). False when missing or neither. */
MUST_USE bool json_int(const cJSON *parent, const char *name, int64_t *out);
