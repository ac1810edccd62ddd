/* Files `.env`: lines NAME=value, empty ones, and comments that begin with #. Blanks around name and value do not count, nor does
 * one pair of quotes, "…" or '…', around the whole value; other quotes belong to the value, and a backslash has no meaning. */
#pragma once

#include <stddef.h>

#include "base/error.h"

struct dotenv_entry {
	char *name, *value;
	int line; /* from 1 */
};

struct dotenv {
	struct dotenv_entry *entries;
	size_t count;
};

/* Reads the file at PATH; a missing one has no entries. Errors: ERR_INVALID naming file and line, ERR_TOO_LARGE, ERR_NO_MEMORY.
 * */
MUST_USE bool dotenv_read(const char *path, struct dotenv *out, struct error *err);

void dotenv_clear(struct dotenv *dotenv);

/* The last value of NAME, NULL when it has none. Borrowed. */
const char *dotenv_get(const struct dotenv *dotenv, const char *name);
