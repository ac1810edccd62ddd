/* How many videos of a list were published when. */
#include "store/stats.h"

#include <stdlib.h>

#include "base/timestamp.h"
#include "store/internal.h"
#include "store/sqlite/query_plan.h"

enum volume_statement { VOLUME_COUNTERS };

static const char *const sql[] = {
    [VOLUME_COUNTERS] = "SELECT start, videos FROM volume WHERE query = ?1 AND bucket = ?2 AND videos > 0"
			" AND start BETWEEN ?3 AND ?4 ORDER BY start",
};

const struct statements video_volume_statements = STATEMENTS(sql);

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
	if ((volume->count & (volume->count - 1)) == 0) { /* grows at each power of two */
		size_t room = volume->count ? volume->count * 2 : 1;
		struct volume_point *points = realloc(volume->points, room * sizeof(*points));

		if (!points)
			return error_no_memory(err);
		volume->points = points;
	}
	volume->points[volume->count++] = (struct volume_point){from, count};
	return true;
}

/* Counts the list's keys in RANGE: part of a day. */
static bool count_part(struct store *store, const struct list *list, struct key_range range, int64_t *out, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	bool done = list_use(store, list, LIST_COUNT, range, -1, 0, &statement, err) && db_row(store, statement, "count", err);

	if (done)
		*out = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return done;
}

/* One day's count: that of the counter, unless the range begins or ends inside it. */
static bool add_day(struct store *store, const struct list *list, int64_t day, int64_t count, enum volume_bucket bucket,
                    struct volume *volume, struct error *err)
{
	struct key_range whole = {.low = day * SEQ_PER_SECOND, .high = (day + SECONDS_PER_DAY) * SEQ_PER_SECOND - 1};
	struct key_range part = {.low = whole.low < list->range.low ? list->range.low : whole.low,
	                         .high = whole.high > list->range.high ? list->range.high : whole.high};

	if ((part.low != whole.low || part.high != whole.high) && !count_part(store, list, part, &count, err))
		return false;
	return add(volume, bucket, day, count, err);
}

/* There are counters of days, and of months for a list without bounds: of many years there are many days. */
static bool read_counters(struct store *store, const struct list *list, enum volume_bucket bucket, struct volume *volume,
                          struct error *err)
{
	AUTO(statement_done) struct statement *counters = statement_use(store, sql[VOLUME_COUNTERS]);
	bool by_month = bucket == BUCKET_OF_MONTH && key_range_is_whole(list->range);
	bool row = false;

	bind_ints(counters, INTS(list->query_id, by_month ? VOLUME_MONTH : VOLUME_DAY,
	                         timestamp_day(list->range.low / SEQ_PER_SECOND), list->range.high / SEQ_PER_SECOND));
	for (;;) {
		if (!statement_step(counters, &row, err))
			return false;
		if (!row)
			return true;
		int64_t start = column_int(counters, 0);
		int64_t count = column_int(counters, 1);
		if (!(by_month ? add(volume, bucket, start, count, err)
		               : add_day(store, list, start, count, bucket, volume, err)))
			return false;
	}
}

static void reverse(struct volume *volume)
{
	for (size_t i = 0; i < volume->count / 2; i++) {
		struct volume_point *a = &volume->points[i], *b = &volume->points[volume->count - 1 - i];
		struct volume_point was_a = *a;

		*a = *b;
		*b = was_a;
	}
}

/* The newest matches, one by one. */
static bool scan(struct store *store, const struct list *list, enum volume_bucket bucket, struct volume *volume,
                 struct error *err)
{
	sqlite3_stmt *keys = NULL;
	bool row = true;
	bool done = list_use(store, list, LIST_NEWEST, list->range, COUNTED_MAX + 1, 0, &keys, err);

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
	reverse(volume);
	return done;
}

static bool read_volume(struct store *store, const struct video_filter *filter, enum volume_bucket bucket, struct volume *volume,
                        struct error *err)
{
	AUTO(list_clear) struct list list = {0};

	if (!list_plan(store, filter, false, &list, err))
		return false;
	if (list.nothing)
		return true;
	if (list_has_days(&list) && bucket != BUCKET_OF_HOUR)
		return read_counters(store, &list, bucket, volume, err);
	return list_take_words(store, &list, false, err) && scan(store, &list, bucket, volume, err);
}

bool store_volume(struct store *store, const struct video_filter *filter, enum volume_bucket bucket, struct volume *out,
                  struct error *err)
{
	AUTO(volume_clear) struct volume volume = {0};

	if (!store_read_begin(store, err))
		return false;
	bool done = read_volume(store, filter, bucket, &volume, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = volume;
	volume = (struct volume){0};
	return true;
}
