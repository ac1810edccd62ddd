/* How many videos of a list were published when. */
#include "store/figures/stats.h"

#include "base/list.h"
#include "base/timestamp.h"
#include "store/internal.h"
#include "store/search/search_scan.h"

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
	if (!list_grow(&volume->points, volume->count, sizeof(*volume->points)))
		return error_no_memory(err);
	volume->points[volume->count++] = (struct volume_point){from, count};
	return true;
}

/* One day's count: that of the counter, unless the range begins or ends inside it. */
static bool add_day(struct store *store, const struct search_plan *plan, int64_t day, int64_t count, enum volume_bucket bucket,
                    struct volume *volume, struct error *err)
{
	struct key_range whole = {.low = day * SEQ_PER_SECOND, .high = (day + SECONDS_PER_DAY) * SEQ_PER_SECOND - 1};
	struct key_range part = {.low = whole.low < plan->range.low ? plan->range.low : whole.low,
	                         .high = whole.high > plan->range.high ? plan->range.high : whole.high};

	if ((part.low != whole.low || part.high != whole.high) && !search_count(store, plan, part, INT64_MAX, &count, err))
		return false;
	return add(volume, bucket, day, count, err);
}

/* There are counters of days, and of months for a list without bounds: of many years there are many days. */
static bool read_counters(struct store *store, const struct search_plan *plan, enum volume_bucket bucket, struct volume *volume,
                          struct error *err)
{
	AUTO(statement_done) struct statement *counters = statement_use(store, sql[VOLUME_COUNTERS]);
	bool by_month = bucket == BUCKET_OF_MONTH && key_range_is_whole(plan->range);
	bool row = false;

	bind_ints(counters, INTS(plan->query_id, by_month ? VOLUME_MONTH : VOLUME_DAY,
	                         timestamp_day(plan->range.low / SEQ_PER_SECOND), plan->range.high / SEQ_PER_SECOND));
	for (;;) {
		if (!statement_step(counters, &row, err))
			return false;
		if (!row)
			return true;
		int64_t start = column_int(counters, 0);
		int64_t count = column_int(counters, 1);
		if (!(by_month ? add(volume, bucket, start, count, err)
		               : add_day(store, plan, start, count, bucket, volume, err)))
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

bool volume_of_times(const int64_t *times, size_t count, enum volume_bucket bucket, struct volume *out, struct error *err)
{
	AUTO(volume_clear) struct volume volume = {0};

	for (size_t i = 0; i < count; i++)
		if (!add(&volume, bucket, times[i], 1, err))
			return false;
	reverse(&volume);
	*out = volume;
	volume = (struct volume){0};
	return true;
}

bool volume_of_hours(const struct breakdown_part *hours, size_t count, enum volume_bucket bucket, struct volume *out,
                     struct error *err)
{
	AUTO(volume_clear) struct volume volume = {0};

	for (size_t i = 0; i < count; i++)
		if (!add(&volume, bucket, hours[i].number, hours[i].videos, err))
			return false;
	*out = volume;
	volume = (struct volume){0};
	return true;
}

/* The newest matches, one by one. */
static bool scan(struct store *store, const struct search_plan *plan, enum volume_bucket bucket, struct volume *volume,
                 struct error *err)
{
	AUTO(scan_result_clear) struct scan_result found = {0};

	if (!search_scan(store, plan, LIST_NEWEST, plan->range, COUNTED_MAX + 1, &found, err))
		return false;
	if (found.count > COUNTED_MAX) {
		volume->counted_within = COUNTED_MAX;
		found.count = COUNTED_MAX;
	}
	volume->scanned_within = found.cut ? found.looked_at : 0;
	for (size_t i = 0; i < found.count; i++)
		if (!add(volume, bucket, found.keys[i].seq / SEQ_PER_SECOND, 1, err))
			return false;
	reverse(volume);
	return true;
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
		return read_counters(store, &plan, bucket, volume, err);
	return scan(store, &plan, bucket, volume, err);
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
