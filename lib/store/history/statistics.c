#include "store/history/statistics.h"

#include <math.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "store/internal.h"

enum { POINTS_MAX = 5000 }; /* more than one each ten minutes for thirty days */

enum statistics_statement { STATISTICS_ADD, STATISTICS_ADD_HIDDEN, STATISTICS_PRUNE, STATISTICS_LIST, STATISTICS_RATE };

#define POINT_ROW(FIRST, NEXT)                                                                                                   \
	FIRST(POINT_COL_AT, "counted_at")                                                                                        \
	NEXT(POINT_COL_VIEWS, "views")                                                                                           \
	NEXT(POINT_COL_LIKES, "likes")                                                                                           \
	NEXT(POINT_COL_COMMENTS, "comments")

enum { POSITIONS(POINT_ROW) };

#define POINT_COLUMNS COLUMNS(POINT_ROW)
#define REPLACE "DO UPDATE SET views = excluded.views, likes = excluded.likes, comments = excluded.comments"

static const char *const sql[] = {
    [STATISTICS_ADD] = "INSERT INTO video_statistics (seq, " POINT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)"
		       " ON CONFLICT (seq, counted_at) " REPLACE,
    [STATISTICS_ADD_HIDDEN] = "INSERT INTO quarantine_statistics (number, " POINT_COLUMNS ")"
			      " SELECT number, ?2, ?3, ?4, ?5 FROM quarantine WHERE id = ?1"
			      " ON CONFLICT (number, counted_at) " REPLACE,
    /* Of one video: each is looked up within thirty days, or goes to quarantine, and its points with it. */
    [STATISTICS_PRUNE] = "DELETE FROM video_statistics WHERE seq = ?1 AND counted_at < ?2",
    [STATISTICS_LIST] = "SELECT " POINT_COLUMNS " FROM video_statistics WHERE seq = ?1 AND counted_at >= ?2"
			" ORDER BY counted_at LIMIT ?3",
    [STATISTICS_RATE] = "SELECT " SQL_VIEWS_PER_HOUR("?1", "?2"),
};

const struct statements statistics_statements = STATEMENTS(sql);

static int64_t oldest(int64_t now)
{
	return now - (int64_t)STATISTICS_DAYS * SECONDS_PER_DAY;
}

static bool tells_numbers(const struct video *told)
{
	return told->views != VIDEO_UNKNOWN || told->likes != VIDEO_UNKNOWN || told->comments != VIDEO_UNKNOWN;
}

/* All of a point but the key, which is ?1. */
static void bind_point(struct statement *add, const struct video *told, int64_t now)
{
	bind_int(add, 2, now);
	bind_int_or_null(add, 3, told->views, VIDEO_UNKNOWN);
	bind_int_or_null(add, 4, told->likes, VIDEO_UNKNOWN);
	bind_int_or_null(add, 5, told->comments, VIDEO_UNKNOWN);
}

bool statistics_add(struct store *store, int64_t seq, const struct video *told, int64_t now, struct error *err)
{
	struct statement *add = statement_use(store, sql[STATISTICS_ADD]);

	if (!tells_numbers(told))
		return true;
	bind_int(add, 1, seq);
	bind_point(add, told, now);
	return statement_run(add, err) && statement_run_ints(store, sql[STATISTICS_PRUNE], INTS(seq, oldest(now)), err);
}

bool statistics_add_hidden(struct store *store, const struct video *told, int64_t now, struct error *err)
{
	struct statement *add = statement_use(store, sql[STATISTICS_ADD_HIDDEN]);

	if (!tells_numbers(told))
		return true;
	bind_text(add, 1, told->id);
	bind_point(add, told, now);
	return statement_run(add, err);
}

static bool add_point(struct statistics *statistics, struct statement *row, struct error *err)
{
	if (!list_grow(&statistics->points, statistics->count, sizeof(*statistics->points)))
		return error_no_memory(err);
	statistics->points[statistics->count++] =
	    (struct statistics_point){.at = column_int(row, POINT_COL_AT),
	                              .views = column_int_or(row, POINT_COL_VIEWS, VIDEO_UNKNOWN),
	                              .likes = column_int_or(row, POINT_COL_LIKES, VIDEO_UNKNOWN),
	                              .comments = column_int_or(row, POINT_COL_COMMENTS, VIDEO_UNKNOWN)};
	return true;
}

static bool read_points(struct store *store, int64_t seq, int64_t now, struct statistics *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[STATISTICS_LIST]);
	bool row = true;

	bind_ints(list, INTS(seq, oldest(now), POINTS_MAX));
	while (row)
		if (!statement_step(list, &row, err) || (row && !add_point(out, list, err)))
			return false;
	return true;
}

static bool read_rate(struct store *store, int64_t seq, int64_t now, struct statistics *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[STATISTICS_RATE]);

	bind_ints(get, INTS(seq, now - SECONDS_PER_DAY));
	if (!statement_row(get, "rate", err))
		return false;
	out->rate_known = !column_is_null(get, 0);
	out->views_per_hour = llround(column_real(get, 0));
	return true;
}

bool store_statistics_get(struct store *store, int64_t seq, int64_t now, struct statistics *out, struct error *err)
{
	AUTO(statistics_clear) struct statistics statistics = {0};

	if (!read_points(store, seq, now, &statistics, err) || !read_rate(store, seq, now, &statistics, err))
		return false;
	*out = statistics;
	statistics = (struct statistics){0};
	return true;
}
