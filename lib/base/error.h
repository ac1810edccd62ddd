/*
 * What went wrong: a code to act on and a sentence to show.
 *
 * A function that can fail returns bool, takes `struct error *err` last and is MUST_USE. The error lives on the caller's
 * stack; nothing is kept between calls. On failure the function's out-parameters stay as they were.
 */
#pragma once

#include <stdbool.h>

#include "base/attr.h"

/* Few codes: what a caller decides on. Everything else belongs into the text. */
enum error_code {
	ERR_NONE,
	ERR_INVALID,      /* the input is wrong; the text names the culprit */
	ERR_UNAUTHORIZED, /* no token, or a wrong one */
	ERR_FORBIDDEN,    /* known, but not allowed here */
	ERR_NOT_FOUND,
	ERR_GONE,          /* it was there once */
	ERR_CONFLICT,      /* it exists already */
	ERR_TOO_LARGE,     /* above a named maximum */
	ERR_TOO_MANY,      /* a limit on how many or how often */
	ERR_UNPROCESSABLE, /* well-formed, but of no use: a key that cannot be one */
	ERR_BUSY,          /* try again later: the store is locked, or not ready */
	ERR_UPSTREAM,      /* YouTube, or the way to it */
	ERR_UNREACHED,     /* the same, and for sure nothing was sent: no network */
	ERR_NO_MEMORY,
	ERR_INTERNAL
};

struct error {
	enum error_code code;
	char text[200]; /* one sentence without a final period, cut when longer; valid UTF-8, whatever it quotes */
};

/* Fills *err and returns false, so that `return error_set(err, …)` reads well. */
bool error_set(struct error *err, enum error_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts "context: " before the text and keeps the code. Returns false. */
bool error_wrap(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* The error of an allocation that failed. Returns false. */
bool error_no_memory(struct error *err);
