/*
 * Inside lib/store only: what queries and keys have in common. Both may be named by an environment variable, and model/origin.h
 * says what that does to them.
 */
#pragma once

#include "base/text.h"
#include "model/origin.h"
#include "store/sqlite/connection.h"

/* A table of such entries, by its statements. */
struct listed_table {
	enum noun noun;
	int find; /* SELECT id, origin, presence, in_variable … WHERE name = ?1 */
	int all;  /* SELECT id, origin, presence, in_variable, name … */
	int set;  /* UPDATE … SET origin = ?2, presence = ?3, in_variable = ?4 WHERE id = ?1 */
};

/* The entry called NAME; *ID is 0 when there is none. */
MUST_USE bool listed_find(struct store *store, const struct listed_table *table, const char *name, int64_t *id,
                          struct listed *out, struct error *err);

MUST_USE bool listed_set(struct store *store, const struct listed_table *table, int64_t id, struct listed listed,
                         struct error *err);

/* Looks at the variable, which names NAMES: brings every entry that is there up to date. *CHANGED tells whether any changed. */
MUST_USE bool listed_follow(struct store *store, const struct listed_table *table, const struct text_list *names, bool *changed,
                            struct error *err);
