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
	QUERY_FIND,
	QUERY_MANAGED,
	QUERY_COUNTS,
	QUERY_INSERT,
	QUERY_SET_MANAGED,
	QUERY_SET_POSTED,
	QUERY_SET_STATE,
	QUERY_SET_FOLLOW_CHANNELS,
	QUERY_DROP,
	QUERY_EXPIRE,
	QUERY_SOLE_VIDEOS,
	QUERY_SHARED_WITH_HIDING,
	QUERY_FORGET_MATCH,
	QUERY_FORGET_MATCHES,
	QUERY_FORGET_HIDDEN,
	QUERY_FORGET_GONE,
	QUERY_FORGET_PENDING,
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

/* A query that is resumed is polled at once. */
#define POLL_IF_RESUMED                                                                                                          \
	" next_poll_at = CASE WHEN " IS_RESUMED " THEN 0 ELSE next_poll_at END,"                                                 \
	" failures = CASE WHEN " IS_RESUMED " THEN 0 ELSE failures END"

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
    [QUERY_FIND] = "SELECT " MANAGED_COLUMNS " FROM query WHERE folded = ?1",
    [QUERY_MANAGED] = "SELECT " MANAGED_COLUMNS ", folded FROM query ORDER BY id",
    [QUERY_COUNTS] = "SELECT count(*), count(*) FILTER (WHERE entry_state <> " SQL_REMOVED "),"
		     " count(*) FILTER (WHERE entry_state = " SQL_ACTIVE " AND origin = " SQL_VISITOR ") FROM query",
    [QUERY_INSERT] = "INSERT INTO query (text, folded, origin, entry_state, in_config, created_at, posted_at, source)"
		     " VALUES (?1, ?2, ?3, " SQL_ACTIVE ", ?4, ?5, ?6, ?7) RETURNING id",
    [QUERY_SET_MANAGED] = "UPDATE query SET entry_state = ?2, origin = ?3, in_config = ?4," POLL_IF_RESUMED " WHERE id = ?1",
    [QUERY_SET_POSTED] = "UPDATE query SET posted_at = ?2 WHERE id = ?1",
    [QUERY_SET_STATE] = "UPDATE query SET entry_state = ?2," POLL_IF_RESUMED " WHERE id = ?1 AND entry_state <> " SQL_REMOVED
			" AND origin <> " SQL_VISITOR,
    [QUERY_SET_FOLLOW_CHANNELS] =
	"UPDATE query SET follow_channels = ?2 WHERE id = ?1 AND entry_state <> " SQL_REMOVED " AND origin <> " SQL_VISITOR,
    [QUERY_DROP] = "UPDATE query SET entry_state = " SQL_REMOVED " WHERE id = ?1 AND origin = " SQL_VISITOR
		   " AND entry_state <> " SQL_REMOVED,
    [QUERY_EXPIRE] = "UPDATE query SET entry_state = " SQL_REMOVED " WHERE origin = " SQL_VISITOR
		     " AND entry_state <> " SQL_REMOVED " AND posted_at < ?1",
    /* Visitors' requests keep nothing in public. */
    [QUERY_SOLE_VIDEOS] = ("SELECT m.seq FROM match m WHERE m.query = ?1"
                           " AND NOT EXISTS (SELECT 1 FROM match o JOIN query q ON q.id = o.query"
                           " WHERE o.seq = m.seq AND o.query <> ?1 AND q.origin <> " SQL_VISITOR ")"
                           " AND NOT EXISTS (SELECT 1 FROM hidden_match h WHERE h.seq = m.seq AND h.query <> ?1) LIMIT ?2"),
    /* Those that no other query shows are hidden once its own match goes. */
    [QUERY_SHARED_WITH_HIDING] = "SELECT m.seq FROM match m WHERE m.query = ?1"
				 " AND EXISTS (SELECT 1 FROM hidden_match h WHERE h.seq = m.seq) LIMIT ?2",
    [QUERY_FORGET_MATCH] = "DELETE FROM match WHERE query = ?1 AND seq = ?2",
    [QUERY_FORGET_MATCHES] = "DELETE FROM match WHERE query = ?1 AND seq IN (SELECT seq FROM match WHERE query = ?1 LIMIT ?2)",
    [QUERY_FORGET_GONE] = "DELETE FROM gone_match WHERE query = ?1 AND (gone_at, id) IN"
			  " (SELECT gone_at, id FROM gone_match WHERE query = ?1 LIMIT ?2)",
    [QUERY_FORGET_PENDING] = "DELETE FROM pending_lookup WHERE query = ?1 AND id IN"
			     " (SELECT id FROM pending_lookup WHERE query = ?1 LIMIT ?2)",
    [QUERY_FORGET_HIDDEN] =
	"DELETE FROM hidden_match WHERE query = ?1 AND seq IN (SELECT seq FROM hidden_match WHERE query = ?1 LIMIT ?2)",
};

const struct statements queries_statements = STATEMENTS(sql);

/* ---- reading ---- */

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

/* ---- which queries there are ---- */

static const struct managed_table table = {.sql = sql, .find = QUERY_FIND, .all = QUERY_MANAGED, .set = QUERY_SET_MANAGED};

static bool insert(struct store *store, const char *text, const char *folded, struct managed_entry entry, int64_t now,
                   int64_t *id, struct error *err)
{
	struct statement *statement = statement_use(store, sql[QUERY_INSERT]);

	bind_text(statement, 1, text);
	bind_text(statement, 2, folded);
	bind_int(statement, 3, entry.origin);
	bind_int(statement, 4, entry.in_config);
	bind_int(statement, 5, now);
	bind_int(statement, 6, entry.origin == ORIGIN_VISITOR ? now : 0);
	bind_int(statement, 7, query_source_of(text));
	return statement_number(statement, id, err) && query_change(store, *id, err);
}

struct counts {
	int64_t all, present, visitors; /* removed ones too; without them; active ones of visitors */
};

static bool count(struct store *store, struct counts *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[QUERY_COUNTS]);

	if (!statement_row(get, "counts", err))
		return false;
	*out = (struct counts){.all = column_int(get, 0), .present = column_int(get, 1), .visitors = column_int(get, 2)};
	return true;
}

/* Whether one more query may be tracked. */
static bool has_room(struct store *store, enum origin origin, int64_t visitor_limit, struct error *err)
{
	struct counts counts;

	if (!count(store, &counts, err))
		return false;
	if (counts.present >= QUERY_COUNT_MAX)
		return error_set(err, ERR_TOO_MANY, "there are %d queries already, as many as there may be", QUERY_COUNT_MAX);
	if (origin == ORIGIN_VISITOR && counts.visitors >= visitor_limit)
		return error_set(err, ERR_TOO_MANY,
		                 "%lld searches of visitors are recorded already, as many as there may be: try again later",
		                 (long long)visitor_limit);
	return true;
}

static bool set_posted(struct store *store, int64_t id, int64_t now, struct error *err)
{
	return statement_run_ints(store, sql[QUERY_SET_POSTED], INTS(id, now), err);
}

/* What adding ORIGIN's text does to a query that is there already. */
static bool resume(struct store *store, int64_t id, struct managed_entry known, enum origin origin, int64_t visitor_limit,
                   int64_t now, enum query_added *added, struct error *err)
{
	bool removed = known.entry_state == ENTRY_REMOVED;
	bool visitors = known.origin == ORIGIN_VISITOR;

	*added = QUERY_KNOWN;
	if (origin == ORIGIN_VISITOR) {
		if (!removed)
			return !visitors || set_posted(store, id, now, err);
		if (!has_room(store, origin, visitor_limit, err) || !set_posted(store, id, now, err))
			return false;
	} else if (known.entry_state == ENTRY_ACTIVE && !visitors) {
		return true;
	} else if (removed && !has_room(store, origin, visitor_limit, err)) {
		return false;
	}
	*added = QUERY_RESUMED;
	known.entry_state = ENTRY_ACTIVE;
	if (removed || visitors)
		known.origin = origin;
	return managed_set(store, &table, id, known, err) && visitors_publish_taken_over(store, now, err) &&
	       followed_look_again(store, id, err) && query_change(store, id, err);
}

static bool add(struct store *store, const char *text, const char *folded, enum origin origin, int64_t visitor_limit, int64_t now,
                int64_t *id, enum query_added *added, struct error *err)
{
	struct managed_entry known = {0};

	if (!managed_find(store, &table, folded, id, &known, err))
		return false;
	if (*id)
		return resume(store, *id, known, origin, visitor_limit, now, added, err);
	*added = QUERY_ADDED;
	return has_room(store, origin, visitor_limit, err) &&
	       insert(store, text, folded, (struct managed_entry){.origin = origin}, now, id, err);
}

bool store_query_add(struct store *store, const char *text, enum origin origin, int64_t visitor_limit, int64_t now, int64_t *id,
                     enum query_added *added, struct error *err)
{
	AUTO(text_free) char *tidy = NULL;
	AUTO(text_free) char *folded = NULL;

	return query_tidy(text, &tidy, err) && unicode_fold_text(tidy, &folded, err) && transaction_begin(store, err) &&
	       transaction_end(store, add(store, tidy, folded, origin, visitor_limit, now, id, added, err), err);
}

/* Runs WHICH, which changes the query that is the first of VALUES. */
static bool change(struct store *store, enum query_statement which, struct ints values, struct error *err)
{
	if (!statement_run_ints(store, sql[which], values, err))
		return false;
	if (!changed_rows(store))
		return error_set(err, ERR_NOT_FOUND, "no such query");
	return query_change(store, values.items[0], err);
}

static bool set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	return change(store, QUERY_SET_STATE, INTS(id, entry_state), err) &&
	       (entry_state != ENTRY_ACTIVE || followed_look_again(store, id, err));
}

bool store_query_set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set_state(store, id, entry_state, err), err);
}

static bool set_follow_channels(struct store *store, int64_t id, bool follow_channels, struct error *err)
{
	return change(store, QUERY_SET_FOLLOW_CHANNELS, INTS(id, follow_channels), err) &&
	       (!follow_channels || followed_look_again(store, id, err));
}

bool store_query_set_follow_channels(struct store *store, int64_t id, bool follow_channels, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set_follow_channels(store, id, follow_channels, err), err);
}

bool store_query_drop(struct store *store, int64_t id, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, change(store, QUERY_DROP, INTS(id), err) && visitors_purge(store, 0, err), err);
}

/* ---- the variable ---- */

static bool add_missing(struct store *store, const char *text, const char *folded, enum origin origin, int64_t now,
                        struct error *err)
{
	const struct managed_entry entry = {.origin = origin, .in_config = true};
	struct managed_entry known;
	int64_t id;

	if (!managed_find(store, &table, folded, &id, &known, err))
		return false;
	return id || (has_room(store, origin, 0, err) && insert(store, text, folded, entry, now, &id, err));
}

static bool follow(struct store *store, const struct text_list *texts, const struct text_list *folded, const char *default_text,
                   int64_t now, struct error *err)
{
	struct counts counts;
	bool changed;

	if (!count(store, &counts, err) || !managed_sync(store, &table, folded, &changed, err))
		return false;
	if (changed)
		public_change(store);
	if (changed && !visitors_publish_taken_over(store, now, err))
		return false;
	if (texts->count == 0 && counts.all == 0)
		return add_missing(store, default_text, default_text, ORIGIN_DEFAULT, now, err);
	for (size_t i = 0; i < texts->count; i++)
		if (!add_missing(store, texts->items[i], folded->items[i], ORIGIN_ENVIRONMENT, now, err))
			return error_wrap(err, "NEWSREEL_QUERIES");
	return true;
}

bool store_queries_follow_variable(struct store *store, const struct text_list *texts, const char *default_text, int64_t now,
                                   struct error *err)
{
	AUTO(text_list_clear) struct text_list tidy = {0};
	AUTO(text_list_clear) struct text_list folded = {0};

	for (size_t i = 0; i < texts->count; i++) {
		AUTO(text_free) char *text = NULL;
		AUTO(text_free) char *key = NULL;

		if (!query_tidy(texts->items[i], &text, err) || !text_list_add(&tidy, text, err) ||
		    !unicode_fold_text(text, &key, err) || !text_list_add(&folded, key, err))
			return false;
	}
	return transaction_begin(store, err) &&
	       transaction_end(store, follow(store, &tidy, &folded, default_text, now, err), err);
}

bool store_queries_expire_visitors(struct store *store, int64_t before, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store,
	                       statement_run_ints(store, sql[QUERY_EXPIRE], INTS(before), err) &&
	                           (!changed_rows(store) || visitors_change(store, err)) && visitors_purge(store, 0, err),
	                       err);
}

/* ---- purging ---- */

enum { PURGE_STEP_MAX = 500 };

static bool read_videos(struct store *store, enum query_statement which, int64_t id, int64_t limit, int64_t *keys,
                        int64_t *key_count, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[which]);

	bind_ints(list, INTS(id, limit));
	for (*key_count = 0; *key_count < limit;) {
		bool row = false;

		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			break;
		keys[(*key_count)++] = column_int(list, 0);
	}
	return true;
}

/* Its matches with videos that stay, and what is hidden. */
static bool forget_matches(struct store *store, int64_t id, int64_t limit, bool *left, struct error *err)
{
	for (int which = QUERY_FORGET_MATCHES; which <= QUERY_FORGET_PENDING; which++) {
		if (!statement_run_ints(store, sql[which], INTS(id, limit), err))
			return false;
		*left = changed_rows(store) == limit;
		if (*left)
			return true;
	}
	return quarantine_purge(store, id, limit, left, err);
}

static bool purge(struct store *store, int64_t id, int64_t limit, bool *left, struct error *err)
{
	int64_t keys[PURGE_STEP_MAX];
	int64_t key_count = 0;

	if (!read_videos(store, QUERY_SOLE_VIDEOS, id, limit, keys, &key_count, err))
		return false;
	for (int64_t i = 0; i < key_count; i++)
		if (!video_delete(store, keys[i], err))
			return false;
	*left = key_count == limit;
	if (*left)
		return true;
	public_change(store);
	if (!change_mark_query(store, id, limit, left, err))
		return false;
	if (*left)
		return true;
	if (!read_videos(store, QUERY_SHARED_WITH_HIDING, id, limit, keys, &key_count, err))
		return false;
	for (int64_t i = 0; i < key_count; i++)
		if (!statement_run_ints(store, sql[QUERY_FORGET_MATCH], INTS(id, keys[i]), err) ||
		    !hidden_settle_seq(store, keys[i], err))
			return false;
	*left = key_count == limit;
	if (*left)
		return true;
	/* What was read is no longer there: tracked again, the query begins anew. */
	return forget_matches(store, id, limit, left, err) && (*left || coverage_forget(store, id, err));
}

bool store_query_purge(struct store *store, int64_t id, int64_t limit, bool *left, struct error *err)
{
	int64_t step = limit < PURGE_STEP_MAX ? limit : PURGE_STEP_MAX;

	return transaction_begin(store, err) && transaction_end(store, purge(store, id, step, left, err), err);
}
