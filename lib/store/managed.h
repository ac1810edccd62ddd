/*
 * Inside lib/store only: what queries and keys have in common. Both may be named by an environment variable, and model/origin.h
 * says what that does to them.
 */
#pragma once

#include "base/text_list.h"
#include "model/origin.h"
#include "store/sqlite/connection.h"

/* A table of such entries, by its statements. */
struct managed_table {
	enum noun noun;
	int find; /* SELECT id, origin, entry_state, in_config … WHERE name = ?1 */
	int all;  /* SELECT id, origin, entry_state, in_config, name … */
	int set;  /* UPDATE … SET origin = ?2, entry_state = ?3, in_config = ?4 WHERE id = ?1 */
};

/* The entry called NAME; *ID is 0 when there is none. */
MUST_USE bool managed_find(struct store *store, const struct managed_table *table, const char *name, int64_t *id,
                           struct managed_entry *out, struct error *err);

MUST_USE bool managed_set(struct store *store, const struct managed_table *table, int64_t id, struct managed_entry managed_entry,
                          struct error *err);

/* Looks at the variable, which names NAMES: brings every entry that is there up to date. *CHANGED tells whether any changed. */
MUST_USE bool managed_sync(struct store *store, const struct managed_table *table, const struct text_list *names, bool *changed,
                           struct error *err);
