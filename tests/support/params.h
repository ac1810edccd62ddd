/* The parameters of a request, as nginx passes them on. */
#pragma once

#include "http/request.h"

enum { PARAMS_MAX = 32 };

struct params {
	char *items[PARAMS_MAX + 1]; /* "NAME=value", owned; ended by NULL */
};

/* Gives NAME its VALUE, which is copied; NULL takes it away. */
void params_set(struct params *params, const char *name, const char *value);

void params_clear(struct params *params);

/* A request with these parameters (borrowed) and BODY, a text or NULL. */
struct cgi_input params_input(const struct params *params, const char *body);
