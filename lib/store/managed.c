#include "store/managed.h"

static struct managed_entry read_entry(struct statement *row)
{
	return (struct managed_entry){.origin = (enum origin)column_int(row, MANAGED_COL_ORIGIN),
	                              .entry_state = (enum entry_state)column_int(row, MANAGED_COL_STATE),
	                              .in_config = column_int(row, MANAGED_COL_IN_CONFIG) != 0};
}

bool managed_find(struct store *store, const struct managed_table *table, const char *name, int64_t *id,
                  struct managed_entry *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, table->sql[table->find]);
	bool row = false;

	bind_text(get, 1, name);
	if (!statement_step(get, &row, err))
		return false;
	*id = row ? column_int(get, MANAGED_COL_ID) : 0;
	if (row)
		*out = read_entry(get);
	return true;
}

bool managed_set(struct store *store, const struct managed_table *table, int64_t id, struct managed_entry entry,
                 struct error *err)
{
	return statement_run_ints(store, table->sql[table->set], INTS(id, entry.entry_state, entry.origin, entry.in_config), err);
}

static bool differ(const struct managed_entry *a, const struct managed_entry *b)
{
	return a->origin != b->origin || a->entry_state != b->entry_state || a->in_config != b->in_config;
}

bool managed_sync(struct store *store, const struct managed_table *table, const struct text_list *names, bool *changed,
                  struct error *err)
{
	AUTO(statement_done) struct statement *all = statement_use(store, table->sql[table->all]);

	*changed = false;
	for (;;) {
		bool row = false;

		if (!statement_step(all, &row, err))
			return false;
		if (!row)
			return true;
		struct managed_entry before = read_entry(all);
		/* The default stays while the variable names nothing else. */
		bool named = text_list_has(names, column_text(all, MANAGED_COL_NAME)) ||
		             (before.origin == ORIGIN_DEFAULT && names->count == 0);
		struct managed_entry after = managed_entry_update(before, named);
		if (!differ(&before, &after))
			continue;
		*changed = true;
		if (!managed_set(store, table, column_int(all, MANAGED_COL_ID), after, err))
			return false;
	}
}
