/* Reading tracked queries. */
#include "store/queries.h"

#include <string.h>

#include "base/unicode.h"
#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "store/coverage.h"
#include "store/internal.h"
#include "store/managed.h"

enum query_statement {
	QUERY_LIST_PUBLIC,
	QUERY_LIST_ACTIVE,
	QUERY_LIST_VISITORS,
	QUERY_LIST_REMOVED,
	QUERY_GET,
	QUERY_GET_ANY,
	QUERY_GET_BY_TEXT,
};

/* With what is a visitor request's alone. */
#define VIDEOS "q.videos + (SELECT count(*) FROM visitor_match WHERE query = q.id)"
#define VIDEOS_TODAY "coalesce((SELECT videos FROM volume WHERE query = q.id AND bucket = " SQL_VOLUME_DAY " AND start = ?1), 0)"
#define NEWEST                                                                                                                   \
	"coalesce((SELECT published_at FROM video WHERE seq = (SELECT max(seq) FROM match WHERE query = q.id AND in_search = "   \
	"1)), 0)"

#define UNCONFIRMED "q.unseen + (SELECT CASE WHEN omitted > 0 THEN omitted ELSE 0 END FROM meta) * q.read_once"
/* What of the gaps lies within the backfill. */
#define BACKFILL_MISSING                                                                                                         \
	"CASE WHEN q.backfill_until = 0 THEN 0 ELSE (SELECT coalesce(sum("                                                       \
	"CASE WHEN g.until < q.backfill_until THEN g.until ELSE q.backfill_until END - g.since), 0) FROM coverage g"             \
	" WHERE g.query = q.id AND g.read_at = 0 AND g.since < q.backfill_until) END"
/* On the day before or since. */
#define DOUBTED(WHAT) "CASE WHEN q." #WHAT "_doubted_at >= ?1 - 86400 THEN q." #WHAT "_doubted_at ELSE 0 END"

/* ?1 of every list is the UTC day of now. */
#define QUERY_ROW(FIRST, NEXT)                                                                                                   \
	FIRST(QUERY_COL_ID, "q.id")                                                                                              \
	NEXT(QUERY_COL_TEXT, "q.text")                                                                                           \
	NEXT(QUERY_COL_ORIGIN, "q.origin")                                                                                       \
	NEXT(QUERY_COL_SOURCE, "q.source")                                                                                       \
	NEXT(QUERY_COL_FOLLOW_CHANNELS, "q.follow_channels")                                                                     \
	QUERY_RULES_ROW(NEXT, NEXT)                                                                                              \
	NEXT(QUERY_COL_LABEL, "q.label")                                                                                         \
	NEXT(QUERY_COL_GROUP, "q.group_name")                                                                                    \
	NEXT(QUERY_COL_PRIORITY, "q.priority")                                                                                   \
	NEXT(QUERY_COL_STARTS_AT, "q.starts_at")                                                                                 \
	NEXT(QUERY_COL_ENDS_AT, "q.ends_at")                                                                                     \
	NEXT(QUERY_COL_KEEP_DAYS, "q.keep_days")                                                                                 \
	NEXT(QUERY_COL_KEPT_SINCE, "q.kept_since")                                                                               \
	NEXT(QUERY_COL_BACKFILL_SINCE, "q.backfill_since")                                                                       \
	NEXT(QUERY_COL_BACKFILL_UNTIL, "q.backfill_until")                                                                       \
	NEXT(QUERY_COL_BACKFILL_MISSING, BACKFILL_MISSING)                                                                       \
	NEXT(QUERY_COL_STATE, "q.entry_state")                                                                                   \
	NEXT(QUERY_COL_IN_CONFIG, "q.in_config")                                                                                 \
	NEXT(QUERY_COL_CREATED_AT, "q.created_at")                                                                               \
	NEXT(QUERY_COL_POSTED_AT, "q.posted_at")                                                                                 \
	NEXT(QUERY_COL_VIDEOS, VIDEOS)                                                                                           \
	NEXT(QUERY_COL_VIDEOS_TODAY, VIDEOS_TODAY)                                                                               \
	NEXT(QUERY_COL_FOUND_BY_SEARCH, "q.found_by_search")                                                                     \
	NEXT(QUERY_COL_FOUND_BY_CHANNEL, "q.found_by_channel")                                                                   \
	NEXT(QUERY_COL_FOUND_BY_PUSH, "q.found_by_push")                                                                         \
	NEXT(QUERY_COL_FOUND_BY_IMPORT, "q.found_by_import")                                                                     \
	NEXT(QUERY_COL_FOUND_BY_RSS, "q.found_by_rss")                                                                           \
	NEXT(QUERY_COL_DELAY, "q.delay_s")                                                                                       \
	NEXT(QUERY_COL_NEWEST_AT, NEWEST)                                                                                        \
	NEXT(QUERY_COL_ATTEMPTED_AT, "q.attempted_at")                                                                           \
	NEXT(QUERY_COL_SUCCEEDED_AT, "q.succeeded_at")                                                                           \
	NEXT(QUERY_COL_NEXT_POLL_AT, "q.next_poll_at")                                                                           \
	NEXT(QUERY_COL_COVERED_SINCE, "q.covered_since")                                                                         \
	NEXT(QUERY_COL_COVERED_UNTIL, "q.covered_until")                                                                         \
	NEXT(QUERY_COL_FAILURES, "q.failures")                                                                                   \
	NEXT(QUERY_COL_ERROR, "q.error")                                                                                         \
	NEXT(QUERY_COL_EMPTIES, "q.empties")                                                                                     \
	NEXT(QUERY_COL_SEARCHES, "q.searches")                                                                                   \
	NEXT(QUERY_COL_SEARCHES_DAY, "q.searches_day")                                                                           \
	NEXT(QUERY_COL_RATE, "q.rate")                                                                                           \
	NEXT(QUERY_COL_SCOUTED_AT, "q.scouted_at")                                                                               \
	NEXT(QUERY_COL_SCOUTS_BALANCE, "q.scouts_balance")                                                                       \
	NEXT(QUERY_COL_SCOUTS_END, "q.scouts_end")                                                                               \
	NEXT(QUERY_COL_GAPS, "q.gaps")                                                                                           \
	NEXT(QUERY_COL_MISSING_S, "q.missing_s")                                                                                 \
	NEXT(QUERY_COL_UNCONFIRMED, UNCONFIRMED)                                                                                 \
	NEXT(QUERY_COL_DOUBTED_ORDER, DOUBTED(order))                                                                            \
	NEXT(QUERY_COL_DOUBTED_CHOICE, DOUBTED(choice))                                                                          \
	NEXT(QUERY_COL_DOUBTED_WINDOW, DOUBTED(window))                                                                          \
	NEXT(QUERY_COL_DOUBTED_SILENCE, DOUBTED(silence))                                                                        \
	NEXT(QUERY_COL_DOUBTED_PAGES, DOUBTED(pages))

enum { POSITIONS(QUERY_ROW) };

#define QUERY_COLUMNS COLUMNS(QUERY_ROW)

static const char *const sql[] = {
    [QUERY_LIST_PUBLIC] = "SELECT " QUERY_COLUMNS " FROM query q WHERE " QUERY_IS_PUBLIC " ORDER BY q.id",
    [QUERY_LIST_ACTIVE] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.entry_state = " SQL_ACTIVE
			  " AND q.in_period = 1 AND q.source = " SQL_SEARCH " ORDER BY q.id",
    [QUERY_LIST_VISITORS] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.origin = " SQL_VISITOR
			    " AND q.entry_state <> " SQL_REMOVED " ORDER BY q.posted_at DESC, q.id DESC",
    [QUERY_LIST_REMOVED] =
	"SELECT " QUERY_COLUMNS " FROM query q WHERE q.entry_state = " SQL_REMOVED " AND q.videos > 0 ORDER BY q.id",
    [QUERY_GET] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.id = ?2 AND " QUERY_IS_PUBLIC,
    [QUERY_GET_ANY] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.id = ?2",
    [QUERY_GET_BY_TEXT] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.folded = ?2 AND q.entry_state = " SQL_ACTIVE,
};

const struct statements queries_statements = STATEMENTS(sql);

static bool read_settings(struct statement *row, struct query_settings *out, struct error *err)
{
	out->priority = (enum query_priority)column_int(row, QUERY_COL_PRIORITY);
	out->starts_at = column_int(row, QUERY_COL_STARTS_AT);
	out->ends_at = column_int(row, QUERY_COL_ENDS_AT);
	out->keep_days = column_int(row, QUERY_COL_KEEP_DAYS);
	return column_copy(row, QUERY_COL_LABEL, &out->label, err) && column_copy(row, QUERY_COL_GROUP, &out->group, err);
}

static bool read_query(struct statement *row, int64_t now, struct query *out, struct error *err)
{
	AUTO(query_clear)
	struct query query = {
	    .id = column_int(row, QUERY_COL_ID),
	    .origin = (enum origin)column_int(row, QUERY_COL_ORIGIN),
	    .source = (enum query_source)column_int(row, QUERY_COL_SOURCE),
	    .follow_channels = column_int(row, QUERY_COL_FOLLOW_CHANNELS) != 0,
	    .entry_state = (enum entry_state)column_int(row, QUERY_COL_STATE),
	    .in_config = column_int(row, QUERY_COL_IN_CONFIG) != 0,
	    .created_at = column_int(row, QUERY_COL_CREATED_AT),
	    .posted_at = column_int(row, QUERY_COL_POSTED_AT),
	    .videos = column_int(row, QUERY_COL_VIDEOS),
	    .videos_today = column_int(row, QUERY_COL_VIDEOS_TODAY),
	    .newest_at = column_int(row, QUERY_COL_NEWEST_AT),
	    .attempted_at = column_int(row, QUERY_COL_ATTEMPTED_AT),
	    .succeeded_at = column_int(row, QUERY_COL_SUCCEEDED_AT),
	    .next_poll_at = column_int(row, QUERY_COL_NEXT_POLL_AT),
	    .covered_since = column_int(row, QUERY_COL_COVERED_SINCE),
	    .covered_until = column_int(row, QUERY_COL_COVERED_UNTIL),
	    .kept_since = column_int(row, QUERY_COL_KEPT_SINCE),
	    .failures = column_int(row, QUERY_COL_FAILURES),
	    .empties = column_int(row, QUERY_COL_EMPTIES),
	    .searches = column_int(row, QUERY_COL_SEARCHES),
	    .searches_day = column_int(row, QUERY_COL_SEARCHES_DAY),
	    .rate = column_real(row, QUERY_COL_RATE),
	    .scouted_at = column_int(row, QUERY_COL_SCOUTED_AT),
	    .scouts = {.balance = column_real(row, QUERY_COL_SCOUTS_BALANCE), .end = column_int(row, QUERY_COL_SCOUTS_END)},
	    .gaps_count = column_int(row, QUERY_COL_GAPS),
	    .missing_s = column_int(row, QUERY_COL_MISSING_S),
	    .unconfirmed = column_real(row, QUERY_COL_UNCONFIRMED),
	    .delay_s = column_real(row, QUERY_COL_DELAY),
	    .backfill = {.since = column_int(row, QUERY_COL_BACKFILL_SINCE),
	                 .until = column_int(row, QUERY_COL_BACKFILL_UNTIL),
	                 .missing_s = column_int(row, QUERY_COL_BACKFILL_MISSING)},
	};

	for (int how = 0; how < FOUND_HOW_COUNT; how++)
		query.found[how] = column_int(row, QUERY_COL_FOUND_BY_SEARCH + how);
	for (int doubt = 0; doubt < DOUBT_COUNT; doubt++)
		query.doubted_at[doubt] = column_int(row, QUERY_COL_DOUBTED_ORDER + doubt);
	if (!column_copy(row, QUERY_COL_TEXT, &query.text, err) || !column_copy(row, QUERY_COL_ERROR, &query.error, err) ||
	    !read_settings(row, &query.settings, err) || !rules_read(row, RULES_COL_WORDS, &query.rules, err))
		return false;
	query.period = query_period_at(&query.settings, now);
	*out = query;
	query = (struct query){0};
	return true;
}

static bool add_query(struct store *store, struct query_list *list, enum query_scope scope, int64_t now, struct statement *row,
                      struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	if (!read_query(row, now, &list->items[list->count], err))
		return false;
	struct query *query = &list->items[list->count++];
	return scope != QUERIES_ACTIVE || (store_gaps_list(store, query->id, query->gaps_count, 0, &query->gaps, err) &&
	                                   store_coverage_read(store, query->id, &query->coverage, err));
}

bool store_queries_list(struct store *store, enum query_scope scope, int64_t now, struct query_list *out, struct error *err)
{
	static const enum query_statement lists[] = {[QUERIES_PUBLIC] = QUERY_LIST_PUBLIC,
	                                             [QUERIES_ACTIVE] = QUERY_LIST_ACTIVE,
	                                             [QUERIES_VISITORS] = QUERY_LIST_VISITORS,
	                                             [QUERIES_REMOVED] = QUERY_LIST_REMOVED};
	AUTO(statement_done) struct statement *list = statement_use(store, sql[lists[scope]]);
	AUTO(query_list_clear) struct query_list queries = {0};
	bool row = true;

	bind_int(list, 1, timestamp_day(now));
	while (row)
		if (!statement_step(list, &row, err) || (row && !add_query(store, &queries, scope, now, list, err)))
			return false;
	*out = queries;
	queries = (struct query_list){0};
	return true;
}

bool store_queries_read_gaps(struct store *store, struct query *queries, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		coverage_clear(&queries[i].gaps);
		if (queries[i].gaps_count && !store_gaps_list(store, queries[i].id, QUERY_GAPS_SHOWN, 0, &queries[i].gaps, err))
			return false;
	}
	return true;
}

/* The one query that GET gives, its parameter ?2 being bound. */
static bool get_query(struct store *store, struct statement *get, int64_t now, struct query *out, struct error *err)
{
	AUTO(query_clear) struct query query = {0};

	bind_int(get, 1, timestamp_day(now));
	if (!statement_row(get, "such query", err) || !read_query(get, now, &query, err) ||
	    !store_queries_read_gaps(store, &query, 1, err))
		return false;
	*out = query;
	query = (struct query){0};
	return true;
}

bool store_query_get(struct store *store, int64_t id, int64_t now, struct query *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[QUERY_GET]);

	bind_int(get, 2, id);
	return get_query(store, get, now, out, err);
}

bool store_query_get_any(struct store *store, int64_t id, int64_t now, struct query *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[QUERY_GET_ANY]);

	bind_int(get, 2, id);
	return get_query(store, get, now, out, err);
}

bool store_query_find(struct store *store, const char *text, int64_t now, struct query *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[QUERY_GET_BY_TEXT]);
	AUTO(text_free) char *folded = NULL;

	if (!unicode_fold_text(text, &folded, err))
		return false;
	bind_text(get, 2, folded);
	return get_query(store, get, now, out, err);
}
