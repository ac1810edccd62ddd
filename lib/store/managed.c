#include "store/managed.h"

static struct managed_entry read_listed(sqlite3_stmt *row)
{
	return (struct managed_entry){.origin = (enum origin)sqlite3_column_int(row, 1),
	                              .entry_state = (enum entry_state)sqlite3_column_int(row, 2),
	                              .in_config = sqlite3_column_int(row, 3)};
}

bool managed_find(struct store *store, const struct managed_table *table, const char *name, int64_t *id,
                  struct managed_entry *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = db_use(store, table->noun, table->find);
	bool row = false;

	db_bind_text(get, 1, name);
	if (!db_step(store, get, &row, err))
		return false;
	*id = row ? sqlite3_column_int64(get, 0) : 0;
	if (row)
		*out = read_listed(get);
	return true;
}

bool managed_set(struct store *store, const struct managed_table *table, int64_t id, struct managed_entry managed_entry,
                 struct error *err)
{
	sqlite3_stmt *set = db_use(store, table->noun, table->set);

	db_bind_int(set, 1, id);
	db_bind_int(set, 2, (int64_t)managed_entry.origin);
	db_bind_int(set, 3, (int64_t)managed_entry.entry_state);
	db_bind_int(set, 4, managed_entry.in_config);
	return db_run(store, set, err);
}

static bool differ(const struct managed_entry *a, const struct managed_entry *b)
{
	return a->origin != b->origin || a->entry_state != b->entry_state || a->in_config != b->in_config;
}

bool managed_sync(struct store *store, const struct managed_table *table, const struct text_list *names, bool *changed,
                  struct error *err)
{
	AUTO(db_done) sqlite3_stmt *all = db_use(store, table->noun, table->all);

	*changed = false;
	for (;;) {
		bool row = false;

		if (!db_step(store, all, &row, err))
			return false;
		if (!row)
			return true;
		struct managed_entry before = read_listed(all);
		/* The default stays while the variable names nothing else. */
		bool named = text_list_has(names, db_text(all, 4)) || (before.origin == ORIGIN_DEFAULT && names->count == 0);
		struct managed_entry after = managed_entry_update(before, named);
		if (!differ(&before, &after))
			continue;
		*changed = true;
		if (!managed_set(store, table, sqlite3_column_int64(all, 0), after, err))
			return false;
	}
}
