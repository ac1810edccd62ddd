#include "store/tracking/settings.h"

#include "store/internal.h"

enum settings_statement { SETTINGS_SET };

static const char *const sql[] = {
    [SETTINGS_SET] = "UPDATE query AS q SET label = ?2, group_name = ?3 WHERE q.id = ?1 AND " QUERY_IS_PUBLIC,
};

const struct statements settings_statements = STATEMENTS(sql);

static bool set(struct store *store, int64_t id, const struct query_settings *settings, struct error *err)
{
	struct statement *set = statement_use(store, sql[SETTINGS_SET]);

	bind_int(set, 1, id);
	bind_text(set, 2, settings->label);
	bind_text(set, 3, settings->group);
	if (!statement_run(set, err))
		return false;
	if (!changed_rows(store))
		return error_set(err, ERR_NOT_FOUND, "no such query");
	return query_change(store, id, err);
}

bool store_query_set_settings(struct store *store, int64_t id, const struct query_settings *settings, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set(store, id, settings, err), err);
}
