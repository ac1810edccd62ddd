/*
 * What went wrong: a code to act on and a sentence to show.
 *
 * A function that can fail returns bool, takes `struct error *err` last and is MUST_USE. The error lives on the caller's
 * stack; nothing is kept between calls. On failure the function's out-parameters stay as they were.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* Few codes: what a caller decides on. Everything else belongs into the text. */
enum error_code {
	ERR_NONE,
	ERR_INVALID,      /* the input is wrong; the text names the invalid field, and so does `field` where it has one */
	ERR_UNAUTHORIZED, /* no token, or a wrong one */
	ERR_FORBIDDEN,    /* known, but not allowed here */
	ERR_DENIED,       /* our role in the database may not write that */
	ERR_NOT_FOUND,
	ERR_GONE,          /* it was there once */
	ERR_CONFLICT,      /* it exists already */
	ERR_TOO_LARGE,     /* above a named maximum */
	ERR_TOO_MANY,      /* a limit on how many */
	ERR_TOO_OFTEN,     /* a limit on how often: the same again in a minute */
	ERR_UNPROCESSABLE, /* well-formed, but of no use: a key that cannot be one */
	ERR_BUSY,          /* try again later: the store is locked, or not ready */
	ERR_OUTDATED,      /* a newer version of newsreel has taken over the database */
	ERR_UPSTREAM,      /* YouTube, or the way to it */
	ERR_UNREACHED,     /* the same, and for sure nothing was sent: no network */
	ERR_NO_MEMORY,
	ERR_INTERNAL
};

struct error {
	enum error_code code;
	char field[64]; /* of the input, that it is about: "page_size"; "" = none. Cut when longer */
	char text[200]; /* one sentence without a final period, cut when longer; valid UTF-8, whatever it quotes */
	size_t reason;  /* where in the text error_reason() begins */
};

/* Fills *err and returns false, so that `return error_set(err, …)` reads well. */
bool error_set(struct error *err, enum error_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same about FIELD of the input: the text is "FIELD: " and what FORMAT says, or "FIELD=VALUE: " and that. Of a FIELD no more
 * than 60 bytes are shown, of a VALUE 40. */
bool error_set_field(struct error *err, enum error_code code, const char *field, const char *format, ...) PRINTF_LIKE(4, 5);
bool error_set_value(struct error *err, enum error_code code, const char *field, const char *value, const char *format, ...)
    PRINTF_LIKE(5, 6);

/* Notes that *ERR is about FIELD, which its text names already. Returns false. */
bool error_about(struct error *err, const char *field);

/* What is wrong, without the names and contexts before it: "query: not a query: it has …" becomes "it has …". Borrowed from ERR. */
const char *error_reason(const struct error *err);

/* Puts "context: " before the text and keeps the rest. Returns false. */
bool error_wrap(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* The error of an allocation that failed. Returns false. */
bool error_no_memory(struct error *err);
