#include "store/figures/stats.h"

#include <stdlib.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "store/internal.h"

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

/* The longest hour, day … is a little shorter than what is added. */
int64_t volume_bucket_next(enum volume_bucket bucket, int64_t start)
{
	static const int64_t beyond[VOLUME_BUCKET_COUNT] = {[BUCKET_OF_HOUR] = SECONDS_PER_HOUR,
	                                                    [BUCKET_OF_DAY] = SECONDS_PER_DAY,
	                                                    [BUCKET_OF_WEEK] = 7 * SECONDS_PER_DAY,
	                                                    [BUCKET_OF_MONTH] = 31 * SECONDS_PER_DAY};

	return volume_bucket_start(bucket, start + beyond[bucket]);
}

/* ---- denormalised counters ---- */

enum stats_statement { VOLUME_LIST, VOLUME_SUM, VOLUME_REST_ALL, VOLUME_REST, VOLUME_AT_ALL, VOLUME_AT };

enum { VOLUME_COL_START, VOLUME_COL_VIDEOS };

/* More rows than there are, so that no engine reads on: PostgreSQL gives all rows of a statement at once. */
enum { DAYS_OF_A_MONTH = 31, MONTHS_MAX = 12 * 10000 };

static const char *const sql[] = {
    [VOLUME_LIST] = ("SELECT start, videos FROM volume WHERE query = ?1 AND bucket = ?2 AND start < ?3"
                     " ORDER BY start DESC LIMIT ?4"),
    [VOLUME_SUM] = ("SELECT coalesce(sum(videos), 0) FROM volume"
                    " WHERE query = ?1 AND bucket = ?2 AND start BETWEEN ?3 AND ?4"),
    [VOLUME_REST_ALL] = "SELECT count(*) FROM video WHERE seq BETWEEN ?1 AND ?2",
    [VOLUME_REST] = "SELECT count(*) FROM match WHERE seq BETWEEN ?1 AND ?2 AND query = ?3",
    [VOLUME_AT_ALL] = "SELECT seq FROM video WHERE seq < ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2",
    [VOLUME_AT] = "SELECT seq FROM match WHERE seq < ?1 AND query = ?3 ORDER BY seq DESC LIMIT 1 OFFSET ?2",
};

const struct statements volume_statements = STATEMENTS(sql);

/* WHICH, its first two parameters and, for a query, the third. */
static bool read_number(struct store *store, enum stats_statement all, enum stats_statement of_query, int64_t query_id,
                        int64_t first, int64_t second, int64_t *out, struct error *err)
{
	struct statement *statement = statement_use(store, sql[query_id ? of_query : all]);

	bind_ints(statement, query_id ? INTS(first, second, query_id) : INTS(first, second));
	return statement_number(statement, out, err);
}

/* Adds the counters of the spans that begin in FIRST..LAST. */
static bool add_spans(struct store *store, int64_t query_id, enum volume_span span, int64_t first, int64_t last, int64_t *sum,
                      struct error *err)
{
	struct statement *statement = statement_use(store, sql[VOLUME_SUM]);
	int64_t videos;

	if (first > last)
		return true;
	bind_ints(statement, INTS(query_id, span, first, last));
	if (!statement_number(statement, &videos, err))
		return false;
	*sum += videos;
	return true;
}

bool volume_newer(struct store *store, int64_t query_id, int64_t seq, int64_t *out, struct error *err)
{
	int64_t time = seq / SEQ_PER_SECOND;
	int64_t next_day = timestamp_day(time) + SECONDS_PER_DAY;
	/* The month is never longer than 31 days. */
	int64_t next_month = timestamp_month(timestamp_month(time) + 31 * SECONDS_PER_DAY);

	return read_number(store, VOLUME_REST_ALL, VOLUME_REST, query_id, seq + 1, next_day * SEQ_PER_SECOND - 1, out, err) &&
	       add_spans(store, query_id, VOLUME_DAY, next_day, next_month - 1, out, err) &&
	       add_spans(store, query_id, VOLUME_MONTH, next_month, TIMESTAMP_MAX, out, err);
}

/* Skips spans, days of one month or all months, from the newest before *UPPER on, up to the one that holds the video at *POSITION, which becomes what is left to skip in
 * it; *UPPER becomes its end. *FOUND is false when there are fewer videos. */
static bool skip_spans(struct store *store, int64_t query_id, enum volume_span span, int64_t *position, int64_t *upper,
                       bool *found, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[VOLUME_LIST]);

	bind_ints(list, INTS(query_id, span, *upper, span == VOLUME_DAY ? DAYS_OF_A_MONTH : MONTHS_MAX));
	for (;;) {
		if (!statement_step(list, found, err))
			return false;
		if (!*found || *position < column_int(list, VOLUME_COL_VIDEOS))
			return true;
		*position -= column_int(list, VOLUME_COL_VIDEOS);
		*upper = column_int(list, VOLUME_COL_START);
	}
}

/* By months, then by the days of one month, then over the videos of one day. */
bool volume_find(struct store *store, int64_t query_id, int64_t position, int64_t *seq, struct error *err)
{
	int64_t upper = TIMESTAMP_MAX + 1;
	bool found = false;

	*seq = 0;
	if (!skip_spans(store, query_id, VOLUME_MONTH, &position, &upper, &found, err))
		return false;
	if (!found)
		return true;
	return skip_spans(store, query_id, VOLUME_DAY, &position, &upper, &found, err) &&
	       read_number(store, VOLUME_AT_ALL, VOLUME_AT, query_id, upper * SEQ_PER_SECOND, position, seq, err);
}
