/* The parameters of a request, as nginx passes them on. */
#pragma once

#include "http/request.h"

enum { CGI_PARAMS_MAX = 32 };

struct cgi_params {
	char *items[CGI_PARAMS_MAX + 1]; /* "NAME=value", owned; ended by NULL */
};

/* Gives NAME its VALUE, which is copied; NULL takes it away. */
void cgi_params_set(struct cgi_params *params, const char *name, const char *value);

void cgi_params_clear(struct cgi_params *params);

/* A request with these parameters (borrowed) and BODY, a text or NULL. */
struct cgi_input cgi_params_input(const struct cgi_params *params, const char *body);
