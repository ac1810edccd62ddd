/* Kept counts by day and month of publication: they lead to a page however deep, and count a interval of time, without walking. */
#include "base/timestamp.h"
#include "store/videos_internal.h"

enum volume_statement { VOLUME_MONTHS, VOLUME_DAYS, VOLUME_SUM, VOLUME_REST_ALL, VOLUME_REST, VOLUME_AT_ALL, VOLUME_AT };

static const char *const sql[] = {
    [VOLUME_MONTHS] = "SELECT start, videos FROM volume WHERE query = ?1 AND bucket = 1 ORDER BY start DESC",
    [VOLUME_DAYS] = "SELECT start, videos FROM volume WHERE query = ?1 AND bucket = 0 AND start < ?2 ORDER BY start DESC",
    [VOLUME_SUM] = "SELECT total(videos) FROM volume WHERE query = ?1 AND bucket = ?2 AND start BETWEEN ?3 AND ?4",
    [VOLUME_REST_ALL] = "SELECT count(*) FROM video WHERE seq BETWEEN ?2 AND ?3",
    [VOLUME_REST] = "SELECT count(*) FROM match WHERE query = ?1 AND seq BETWEEN ?2 AND ?3",
    [VOLUME_AT_ALL] = "SELECT seq FROM video WHERE seq < ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3",
    [VOLUME_AT] = "SELECT seq FROM match WHERE query = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3",
};

const struct statements volume_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum volume_statement which)
{
	return db_use(store, NOUN_VOLUME, (int)which);
}

/* Adds the number that STATEMENT gives. */
static bool add_number(struct store *store, sqlite3_stmt *statement, int64_t *sum, struct error *err)
{
	bool done = db_row(store, statement, "number", err);

	if (done)
		*sum += sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return done;
}

/* Adds the kept counts of the buckets that begin in FIRST..LAST. */
static bool add_buckets(struct store *store, int64_t query_id, int bucket, int64_t first, int64_t last, int64_t *sum,
                        struct error *err)
{
	sqlite3_stmt *statement = use(store, VOLUME_SUM);

	if (first > last)
		return true;
	db_bind_int(statement, 1, query_id);
	db_bind_int(statement, 2, bucket);
	db_bind_int(statement, 3, first);
	db_bind_int(statement, 4, last);
	return add_number(store, statement, sum, err);
}

bool volume_newer(struct store *store, int64_t query_id, int64_t seq, int64_t *out, struct error *err)
{
	int64_t time = seq / SEQ_PER_SECOND;
	int64_t next_day = timestamp_day(time) + SECONDS_PER_DAY;
	/* The month is never longer than 31 days. */
	int64_t next_month = timestamp_month(timestamp_month(time) + 31 * SECONDS_PER_DAY);
	sqlite3_stmt *rest = use(store, query_id ? VOLUME_REST : VOLUME_REST_ALL);

	*out = 0;
	if (query_id)
		db_bind_int(rest, 1, query_id);
	db_bind_int(rest, 2, seq + 1);
	db_bind_int(rest, 3, next_day * SEQ_PER_SECOND - 1);
	return add_number(store, rest, out, err) && add_buckets(store, query_id, 0, next_day, next_month - 1, out, err) &&
	       add_buckets(store, query_id, 1, next_month, TIMESTAMP_MAX, out, err);
}

/* Walks buckets from the newest until the one that holds the video at POSITION, which becomes the rest to step over in it, UPPER its
 * end. False in *FOUND when there are fewer. */
static bool walk_buckets(struct store *store, sqlite3_stmt *buckets, int64_t *position, int64_t *upper, bool *found,
                         struct error *err)
{
	for (;;) {
		if (!db_step(store, buckets, found, err))
			return false;
		if (!*found || *position < sqlite3_column_int64(buckets, 1))
			return true;
		*position -= sqlite3_column_int64(buckets, 1);
		*upper = sqlite3_column_int64(buckets, 0);
	}
}

/* By months, then by the days of one month, then over the videos of one day. */
bool volume_find(struct store *store, int64_t query_id, int64_t position, int64_t *seq, struct error *err)
{
	int64_t upper = TIMESTAMP_MAX + 1;
	bool found = false;
	AUTO(db_done) sqlite3_stmt *months = use(store, VOLUME_MONTHS);

	*seq = 0;
	db_bind_int(months, 1, query_id);
	if (!walk_buckets(store, months, &position, &upper, &found, err))
		return false;
	if (!found)
		return true;
	AUTO(db_done) sqlite3_stmt *days = use(store, VOLUME_DAYS);
	db_bind_int(days, 1, query_id);
	db_bind_int(days, 2, upper);
	if (!walk_buckets(store, days, &position, &upper, &found, err))
		return false;
	AUTO(db_done) sqlite3_stmt *at = use(store, query_id ? VOLUME_AT : VOLUME_AT_ALL);
	if (query_id)
		db_bind_int(at, 1, query_id);
	db_bind_int(at, 2, upper * SEQ_PER_SECOND);
	db_bind_int(at, 3, position);
	if (!db_step(store, at, &found, err))
		return false;
	*seq = found ? sqlite3_column_int64(at, 0) : 0;
	return true;
}
