/* Of the search there is nothing yet: lists and indexing say so. */
#include "store/postgres/connection.h"

bool index_insert(struct store *store, int64_t seq, struct error *err)
{
	(void)store, (void)seq, (void)err;
	return true;
}

bool index_insert_new(struct store *store, int64_t seq, struct error *err)
{
	return index_insert(store, seq, err);
}

bool index_delete(struct store *store, int64_t seq, struct error *err)
{
	return index_insert(store, seq, err);
}

bool index_rename_begin(struct store *store, int64_t channel, bool *begun, struct error *err)
{
	*begun = true;
	return index_insert(store, channel, err);
}

bool index_rename_end(struct store *store, int64_t channel, struct error *err)
{
	return index_insert(store, channel, err);
}

bool index_empty(struct store *store, struct error *err)
{
	return index_insert(store, 0, err);
}

bool engine_index_segments(struct store *store, int64_t *out, struct error *err)
{
	*out = 0;
	return index_insert(store, 0, err);
}

bool store_upkeep(struct store *store, int64_t budget, int64_t *left, struct error *err)
{
	*left = 0;
	return index_insert(store, budget, err);
}

bool store_unindexed_count(struct store *store, int64_t *out, struct error *err)
{
	*out = 0;
	return index_insert(store, 0, err);
}

bool store_bulk_begin(struct store *store, struct error *err)
{
	return index_insert(store, 0, err);
}

bool store_bulk_end(struct store *store, struct error *err)
{
	return index_insert(store, 0, err);
}

bool store_optimize(struct store *store, struct error *err)
{
	return index_insert(store, 0, err);
}

