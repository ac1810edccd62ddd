/* A whole record from one database into another, of whichever engine. Errors: as store.h says, and those of the comment. */
#pragma once

#include "store/store.h"

/* Told again and again how far it is, in rows of all tables: WHAT is "copy", then "comparison". TELL may be NULL. */
struct transfer_progress {
	void (*tell)(void *context, const char *what, int64_t done, int64_t total);
	void *context;
};

/* Copies all that is recorded in FROM to TO, where there must be nothing but the schema, and compares it row by row, in one transaction of TO: all of it is
 * there afterwards, or nothing. The search index is not: all videos wait for store_upkeep(). The generation rises by one. Both must be open to write, for
 * nobody else can write to either meanwhile, while readers go on. *ROWS tells how many they were. Errors: ERR_CONFLICT when TO has rows already, ERR_INVALID
 * (a text that is not UTF-8), ERR_INTERNAL (a row that differs); texts name table, row and column. After one the stores are to be closed. */
MUST_USE bool store_transfer(struct store *from, struct store *to, const struct transfer_progress *progress, int64_t *rows,
                             struct error *err);
