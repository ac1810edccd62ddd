#include "tests/support/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where NAME stands, or the end. */
static size_t place_of(const struct cgi_params *params, const char *name)
{
	size_t len = strlen(name);
	size_t at = 0;

	while (params->items[at] && (strncmp(params->items[at], name, len) != 0 || params->items[at][len] != '='))
		at++;
	return at;
}

static size_t end_of(const struct cgi_params *params)
{
	size_t end = 0;

	while (params->items[end])
		end++;
	return end;
}

void cgi_params_set(struct cgi_params *params, const char *name, const char *value)
{
	size_t at = place_of(params, name);
	size_t last = end_of(params);

	free(params->items[at]);
	if (value) {
		size_t size = strlen(name) + strlen(value) + 2;

		assert_true(at < CGI_PARAMS_MAX);
		params->items[at] = malloc(size);
		assert_non_null(params->items[at]);
		snprintf(params->items[at], size, "%s=%s", name, value);
	} else if (at < last) {
		params->items[at] = params->items[last - 1];
		params->items[last - 1] = NULL;
	}
}

void cgi_params_clear(struct cgi_params *params)
{
	for (size_t i = 0; params->items[i]; i++)
		free(params->items[i]);
	*params = (struct cgi_params){0};
}

struct cgi_input cgi_params_input(const struct cgi_params *params, const char *body)
{
	return (struct cgi_input){.params = (const char *const *)params->items,
	                          .body = body ? body : "",
	                          .body_len = body ? strlen(body) : 0};
}
