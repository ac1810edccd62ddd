/*
 * Inside lib/store only: what queries and keys have in common. An environment variable may name both, and model/origin.h says what
 * that does to them.
 */
#pragma once

#include "base/text_list.h"
#include "model/origin.h"
#include "store/internal.h"

/* The columns that `find` and `all` select first. */
#define MANAGED_ROW(FIRST, NEXT)                                                                                                 \
	FIRST(MANAGED_COL_ID, "id")                                                                                              \
	NEXT(MANAGED_COL_ORIGIN, "origin")                                                                                       \
	NEXT(MANAGED_COL_STATE, "entry_state")                                                                                   \
	NEXT(MANAGED_COL_IN_CONFIG, "in_config")

enum { POSITIONS(MANAGED_ROW) MANAGED_COL_NAME };

#define MANAGED_COLUMNS COLUMNS(MANAGED_ROW)

/* Whether an UPDATE to the entry state ?2 resumes the entry. */
#define IS_RESUMED "entry_state <> ?2 AND ?2 = " SQL_ACTIVE

/* A table of such entries, by its statements. */
struct managed_table {
	const char *const *sql;
	int find; /* SELECT MANAGED_COLUMNS … WHERE name = ?1 */
	int all;  /* SELECT MANAGED_COLUMNS, name … */
	int set;  /* UPDATE … SET entry_state = ?2, origin = ?3, in_config = ?4 WHERE id = ?1 */
};

/* The entry called NAME; *ID is 0 when there is none. */
MUST_USE bool managed_find(struct store *store, const struct managed_table *table, const char *name, int64_t *id,
                           struct managed_entry *out, struct error *err);

MUST_USE bool managed_set(struct store *store, const struct managed_table *table, int64_t id, struct managed_entry entry,
                          struct error *err);

/* Brings every entry that is there up to date with the variable, which names NAMES. *CHANGED tells whether any changed. */
MUST_USE bool managed_sync(struct store *store, const struct managed_table *table, const struct text_list *names, bool *changed,
                           struct error *err);
