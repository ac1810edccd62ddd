/* What an error means on the web: its status, and its type as a problem (RFC 9457). */
#pragma once

#include "base/error.h"

struct http_error {
	int status;
	const char *type; /* "/problems/not-found" */
	const char *title;
	const char *retry_after; /* seconds, NULL = not told */
};

/* Of a request whose reader has left, as nginx has it in its log: it goes to log and metrics alone. */
enum { STATUS_READER_LEFT = 499 };

/* Never NULL. */
const struct http_error *http_error_of(enum error_code code);

/* The path has other methods than the one asked for. */
extern const struct http_error http_error_wrong_method;
