/* The work that an engine of this kind has to do now and then, and what its owner may want to know of it. */
#include "store/sqlite/connection.h"
#include "store/sqlite/fts_index.h"

enum upkeep_statement { UPKEEP_SIZE };

static const char *const sql[] = {
    [UPKEEP_SIZE] = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
};

const struct statements upkeep_statements = STATEMENTS(sql);

bool store_upkeep(struct store *store, int64_t budget, int64_t *left, struct error *err)
{
	return store_index_fill(store, budget, left, err);
}

bool store_bulk_begin(struct store *store, struct error *err)
{
	return store_index_later(store, true, err);
}

bool store_bulk_end(struct store *store, struct error *err)
{
	return store_index_later(store, false, err);
}

bool store_optimize(struct store *store, struct error *err)
{
	bool done = false;

	for (bool first = true; !done; first = false)
		if (!store_index_merge(store, first, &done, err))
			return false;
	return true;
}

bool engine_size_bytes(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[UPKEEP_SIZE]), out, err);
}

bool engine_index_segments(struct store *store, int64_t *out, struct error *err)
{
	return store_index_segments(store, out, err);
}
