/* The parameters of a URL's query string, decoded. */
#pragma once

#include <stddef.h>

#include "base/error.h"

enum { PARAMS_MAX = 32 };

struct params {
	struct {
		char *name;
		char *value;
	} items[PARAMS_MAX];
	size_t count;
};

/* Whatever is malformed or too much is left out, as lenient servers do. Errors: ERR_NO_MEMORY. */
MUST_USE bool params_read(const char *query, struct params *out, struct error *err);
void params_clear(struct params *params);

/* The first value of NAME, NULL when there is none. */
const char *params_get(const struct params *params, const char *name);
