/* Opening a database, and closing it. */
#include "store/postgres/migrate.h"
#include "store/postgres/statement.h"
#include "store/video_search.h"

bool store_open(const char *location, enum store_mode mode, struct store **out, struct error *err)
{
	AUTO(store_close) struct store *store = NULL;

	if (!pg_connect(location, mode, &store, err))
		return false;
	store->index = (struct index_state){.fill_step = FILL_STEP, .rename_step = RENAME_STEP};
	store_set_scan_limit(store, SCANNED_MAX);
	if (!(mode == STORE_CREATE ? pg_migrate(store, err) : store_check_schema(store, err)))
		return false;
	*out = store;
	store = NULL;
	return true;
}

void store_close(struct store **store)
{
	struct store *closed = *store;

	*store = NULL;
	if (!closed)
		return;
	store_rollback(closed);
	for (size_t i = 0; i < STATEMENTS_MAX; i++)
		statement_clear(&closed->statements[i]);
	for (size_t i = 0; i < TEXT_STATEMENTS_MAX; i++)
		statement_clear(&closed->texts[i]);
	words_clear(&closed->words);
	pg_disconnect(closed);
}

void store_set_may_go_on(struct store *store, bool (*may_go_on)(void *context), void *context)
{
	store->may_go_on = may_go_on;
	store->may_go_on_context = context;
}

void store_set_scan_limit(struct store *store, int64_t rows)
{
	store->scan_limit = rows;
}
