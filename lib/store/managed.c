#include "store/managed.h"

static struct listed read_listed(sqlite3_stmt *row)
{
	return (struct listed){.origin = (enum origin)sqlite3_column_int(row, 1),
	                       .presence = (enum presence)sqlite3_column_int(row, 2),
	                       .in_variable = sqlite3_column_int(row, 3)};
}

bool listed_find(struct store *store, const struct listed_table *table, const char *name, int64_t *id, struct listed *out,
                 struct error *err)
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

bool listed_set(struct store *store, const struct listed_table *table, int64_t id, struct listed listed, struct error *err)
{
	sqlite3_stmt *set = db_use(store, table->noun, table->set);

	db_bind_int(set, 1, id);
	db_bind_int(set, 2, (int64_t)listed.origin);
	db_bind_int(set, 3, (int64_t)listed.presence);
	db_bind_int(set, 4, listed.in_variable);
	return db_run(store, set, err);
}

static bool differ(const struct listed *a, const struct listed *b)
{
	return a->origin != b->origin || a->presence != b->presence || a->in_variable != b->in_variable;
}

bool listed_follow(struct store *store, const struct listed_table *table, const struct text_list *names, bool *changed,
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
		struct listed before = read_listed(all);
		/* The default stays while the variable names nothing else. */
		bool named = text_list_has(names, db_text(all, 4)) || (before.origin == ORIGIN_DEFAULT && names->count == 0);
		struct listed after = origin_after_look(before, named);
		if (!differ(&before, &after))
			continue;
		*changed = true;
		if (!listed_set(store, table, sqlite3_column_int64(all, 0), after, err))
			return false;
	}
}
