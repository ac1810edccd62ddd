/* Of the search there is nothing yet: lists and indexing say so. */
#include "store/postgres/connection.h"

static bool not_there(struct error *err)
{
	return error_set(err, ERR_INVALID, "lists of videos in PostgreSQL are not there yet");
}

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

bool store_videos_page(struct store *store, const struct video_request *request, struct video_page *out, struct error *err)
{
	(void)store, (void)request, (void)out;
	return not_there(err);
}

bool store_videos_rank(struct store *store, const struct video_request *request, struct video_keys *out, struct error *err)
{
	(void)store, (void)request, (void)out;
	return not_there(err);
}

bool store_videos_by_keys(struct store *store, const int64_t *keys, size_t count, struct video_list *out, struct error *err)
{
	(void)store, (void)keys, (void)count, (void)out;
	return not_there(err);
}

bool store_volume(struct store *store, const struct video_filter *filter, enum volume_bucket bucket, struct volume *out,
                  struct error *err)
{
	(void)store, (void)filter, (void)bucket, (void)out;
	return not_there(err);
}

bool store_breakdown(struct store *store, const struct video_filter *filter, int64_t most, enum video_trait group,
                     enum video_trait parts, struct breakdown *out, struct error *err)
{
	(void)store, (void)filter, (void)most, (void)group, (void)parts, (void)out;
	return not_there(err);
}
