/* One key as pages show it, masked, for html/_key.html: its state and what to do, in words. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"
#include "model/key.h"

/* What was typed into a key's form and refused; all NULL: nothing was. Borrowed. */
struct key_typed {
	const char *refused;       /* why, in words */
	const char *invalid_field; /* "label", "searches_per_day", "units_per_day" */
	const char *label;
	const char *limit[BUCKET_COUNT];
};

/* Appends an item: `key`, `label`, `state`, `state_words`, `reason`, `advice`, `meters`, `project`, `used`, `url`, `buttons`, and
 * `settings`, the form that changes it (null in the demo). */
void key_row_write(struct app *app, struct writer *w, const struct key *key, const struct key_typed *typed);

/* The state of the key in a few words: "works", "used up for today". */
const char *key_state_words(const struct key *key, int64_t now);
