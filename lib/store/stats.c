#include "store/stats.h"

#include <stdlib.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "store/sqlite/search_plan.h"
#include "store/videos_internal.h"

enum stats_statement {
	STATS_CHANNELS,
	STATS_CHANNEL_COUNT,
	STATS_CHANNELS_OF_QUERY,
	STATS_CHANNEL_COUNT_OF_QUERY,
	STATS_KEPT,
};

#define NEWEST_OF_QUERY                                                                                                          \
	"(SELECT m.seq FROM match m WHERE m.query = ?1 ORDER BY m.seq DESC LIMIT ?2) k"                                          \
	" CROSS JOIN video v ON v.seq = k.seq"

static const char *const sql[] = {
    [STATS_CHANNELS] = "SELECT youtube_id, title, videos FROM channel WHERE videos > 0 ORDER BY videos DESC, id DESC"
		       " LIMIT ?3 OFFSET ?4",
    [STATS_CHANNEL_COUNT] = "SELECT count(*) FROM channel WHERE videos > 0",
    [STATS_CHANNELS_OF_QUERY] =
	"SELECT c.youtube_id, c.title, n FROM (SELECT v.channel AS channel, count(*) AS n FROM " NEWEST_OF_QUERY
	" WHERE v.channel IS NOT NULL GROUP BY v.channel ORDER BY n DESC, v.channel DESC"
	" LIMIT ?3 OFFSET ?4) JOIN channel c ON c.id = channel ORDER BY n DESC, c.id DESC",
    [STATS_CHANNEL_COUNT_OF_QUERY] = "SELECT count(DISTINCT v.channel) FROM " NEWEST_OF_QUERY,
    [STATS_KEPT] = "SELECT start, videos FROM volume WHERE query = ?1 AND bucket = ?4 AND videos > 0 AND start BETWEEN ?2 AND ?3"
		   " ORDER BY start",
};

const struct statements stats_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum stats_statement which)
{
	return db_use(store, NOUN_STATS, (int)which);
}

/* ---- channels ---- */

void channel_page_clear(struct channel_page *page)
{
	channel_list_clear(&page->channels);
	*page = (struct channel_page){0};
}

static bool count_channels(struct store *store, int64_t query_id, int64_t *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, query_id ? STATS_CHANNEL_COUNT_OF_QUERY : STATS_CHANNEL_COUNT);

	if (query_id) {
		db_bind_int(get, 1, query_id);
		db_bind_int(get, 2, COUNTED_MAX);
	}
	if (!db_row(store, get, "count", err))
		return false;
	*out = sqlite3_column_int64(get, 0);
	return true;
}

static bool read_channels(struct store *store, int64_t query_id, int64_t offset, int64_t page_size, struct channel_page *page,
                          struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = use(store, query_id ? STATS_CHANNELS_OF_QUERY : STATS_CHANNELS);
	bool row = false;

	if (query_id) {
		db_bind_int(list, 1, query_id);
		db_bind_int(list, 2, COUNTED_MAX);
	}
	db_bind_int(list, 3, page_size + 1);
	db_bind_int(list, 4, offset);
	for (;;) {
		if (!db_step(store, list, &row, err))
			return false;
		page->more = row && (int64_t)page->channels.count == page_size;
		if (!row || page->more)
			return true;
		struct channel *channel = channel_list_add(&page->channels);
		if (!channel)
			return error_no_memory(err);
		channel->videos = sqlite3_column_int64(list, 2);
		if (!db_copy(list, 0, &channel->id, err) || !db_copy(list, 1, &channel->title, err))
			return false;
	}
}

static bool read_channel_page(struct store *store, int64_t query_id, int64_t offset, int64_t page_size, struct channel_page *page,
                              struct error *err)
{
	int64_t videos = 0;

	if (query_id && !search_query_videos(store, query_id, &videos, err))
		return false;
	page->counted_within = videos > COUNTED_MAX ? COUNTED_MAX : 0;
	return count_channels(store, query_id, &page->count, err) && read_channels(store, query_id, offset, page_size, page, err);
}

bool store_channels_page(struct store *store, int64_t query_id, int64_t page_number, int64_t page_size, struct channel_page *out,
                         struct error *err)
{
	AUTO(channel_page_clear) struct channel_page page = {0};
	bool own = false;

	if (page_number < 1 || page_number > INT64_MAX / VIDEO_PAGE_MAX || page_size < 1 || page_size > VIDEO_PAGE_MAX)
		return error_set(err, ERR_INVALID, "there is no such page");
	if (!db_read_begin(store, &own, err))
		return false;
	bool done = read_channel_page(store, query_id, (page_number - 1) * page_size, page_size, &page, err);
	db_read_end(store, own);
	if (!done)
		return false;
	*out = page;
	page = (struct channel_page){0};
	return true;
}

/* ---- volume ---- */

const char *volume_bucket_name(enum volume_bucket bucket)
{
	static const char *const names[VOLUME_BUCKET_COUNT] = {
	    [BUCKET_OF_HOUR] = "hour", [BUCKET_OF_DAY] = "day", [BUCKET_OF_WEEK] = "week", [BUCKET_OF_MONTH] = "month"};

	return names[bucket];
}

void volume_clear(struct volume *volume)
{
	free(volume->points);
	*volume = (struct volume){0};
}

int64_t volume_bucket_start(enum volume_bucket bucket, int64_t time)
{
	/* 1970-01-01 was a Thursday, the fourth day of its week. */
	const int64_t before_1970 = 3;
	int64_t day = timestamp_day(time);

	switch (bucket) {
	case BUCKET_OF_HOUR:
		return time - time % SECONDS_PER_HOUR;
	case BUCKET_OF_WEEK:
		return day - (day / SECONDS_PER_DAY + before_1970) % 7 * SECONDS_PER_DAY;
	case BUCKET_OF_MONTH:
		return timestamp_month(time);
	case BUCKET_OF_DAY:
	case VOLUME_BUCKET_COUNT:
		break;
	}
	return day;
}

/* Adds COUNT to the bucket of TIME; times come in order, up or down. */
static bool add(struct volume *volume, enum volume_bucket bucket, int64_t time, int64_t count, struct error *err)
{
	int64_t from = volume_bucket_start(bucket, time);

	if (count == 0)
		return true;
	if (volume->count && volume->points[volume->count - 1].from == from) {
		volume->points[volume->count - 1].count += count;
		return true;
	}
	if (!list_grow(&volume->points, volume->count, sizeof(*volume->points)))
		return error_no_memory(err);
	volume->points[volume->count++] = (struct volume_point){from, count};
	return true;
}

/* Counts the list's keys in RANGE: part of a day. */
static bool count_part(struct store *store, const struct search_plan *plan, struct key_range range, int64_t *out,
                       struct error *err)
{
	sqlite3_stmt *statement = NULL;
	bool done =
	    search_plan_use(store, plan, LIST_COUNT, range, -1, 0, &statement, err) && db_row(store, statement, "count", err);

	if (done)
		*out = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return done;
}

/* One day's count: the kept one, unless the range begins or ends inside it. */
static bool add_day(struct store *store, const struct search_plan *plan, int64_t day, int64_t kept, enum volume_bucket bucket,
                    struct volume *volume, struct error *err)
{
	struct key_range whole = {.low = day * SEQ_PER_SECOND, .high = (day + SECONDS_PER_DAY) * SEQ_PER_SECOND - 1};
	struct key_range part = {.low = whole.low < plan->range.low ? plan->range.low : whole.low,
	                         .high = whole.high > plan->range.high ? plan->range.high : whole.high};

	if ((part.low != whole.low || part.high != whole.high) && !count_part(store, plan, part, &kept, err))
		return false;
	return add(volume, bucket, day, kept, err);
}

/* Counts are kept by day, and by month for a list without bounds: of many years there are many days. */
static bool read_kept(struct store *store, const struct search_plan *plan, enum volume_bucket bucket, struct volume *volume,
                      struct error *err)
{
	AUTO(db_done) sqlite3_stmt *kept = use(store, STATS_KEPT);
	bool by_month = bucket == BUCKET_OF_MONTH && plan->range.low == 0 && plan->range.high == INT64_MAX;
	bool row = false;

	db_bind_int(kept, 1, plan->query_id);
	db_bind_int(kept, 2, timestamp_day(plan->range.low / SEQ_PER_SECOND));
	db_bind_int(kept, 3, plan->range.high / SEQ_PER_SECOND);
	db_bind_int(kept, 4, by_month);
	for (;;) {
		if (!db_step(store, kept, &row, err))
			return false;
		if (!row)
			return true;
		int64_t start = sqlite3_column_int64(kept, 0);
		int64_t count = sqlite3_column_int64(kept, 1);
		if (!(by_month ? add(volume, bucket, start, count, err)
		               : add_day(store, plan, start, count, bucket, volume, err)))
			return false;
	}
}

static void turn_round(struct volume *volume)
{
	for (size_t i = 0; i < volume->count / 2; i++) {
		struct volume_point *a = &volume->points[i], *b = &volume->points[volume->count - 1 - i];
		struct volume_point kept = *a;

		*a = *b;
		*b = kept;
	}
}

/* The newest matches, one by one. */
static bool count_matches(struct store *store, const struct search_plan *plan, enum volume_bucket bucket, struct volume *volume,
                          struct error *err)
{
	sqlite3_stmt *keys = NULL;
	bool row = true;
	bool done = search_plan_use(store, plan, LIST_NEWEST, plan->range, COUNTED_MAX + 1, 0, &keys, err);

	for (int64_t count = 0; done && row; count++) {
		done = db_step(store, keys, &row, err);
		if (!done || !row)
			break;
		if (count == COUNTED_MAX) {
			volume->counted_within = COUNTED_MAX;
			break;
		}
		done = add(volume, bucket, sqlite3_column_int64(keys, 0) / SEQ_PER_SECOND, 1, err);
	}
	sqlite3_reset(keys);
	turn_round(volume);
	return done;
}

static bool read_volume(struct store *store, const struct video_filter *filter, enum volume_bucket bucket, struct volume *volume,
                        struct error *err)
{
	AUTO(search_plan_clear) struct search_plan plan = {0};

	if (!search_plan_make(store, filter, 0, &plan, err))
		return false;
	if (plan.nothing)
		return true;
	if (search_plan_has_days(&plan) && bucket != BUCKET_OF_HOUR)
		return read_kept(store, &plan, bucket, volume, err);
	return count_matches(store, &plan, bucket, volume, err);
}

bool store_volume(struct store *store, const struct video_filter *filter, enum volume_bucket bucket, struct volume *out,
                  struct error *err)
{
	AUTO(volume_clear) struct volume volume = {0};
	bool own = false;

	if (!db_read_begin(store, &own, err))
		return false;
	bool done = read_volume(store, filter, bucket, &volume, err);
	db_read_end(store, own);
	if (!done)
		return false;
	*out = volume;
	volume = (struct volume){0};
	return true;
}
