#include "store/queries.h"

#include <string.h>

#include "base/case_fold.h"
#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "store/coverage.h"
#include "store/sqlite/connection.h"
#include "store/managed.h"
#include "store/quarantine.h"
#include "store/videos_internal.h"

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
	QUERY_DROP,
	QUERY_EXPIRE,
	QUERY_SOLE_VIDEOS,
	QUERY_FORGET_MATCHES,
};

/* ?1 of every list is the UTC day of now. */
#define QUERY_COLUMNS                                                                                                            \
	"q.id, q.text, q.origin, q.entry_state, q.in_config, q.created_at, q.posted_at, q.videos,"                               \
	" coalesce((SELECT videos FROM volume WHERE query = q.id AND bucket = 0 AND start = ?1), 0),"                            \
	" coalesce((SELECT v.published_at FROM video v WHERE v.seq = (SELECT max(seq) FROM match WHERE query = q.id)), 0),"      \
	" q.attempted_at, q.succeeded_at, q.next_poll_at, q.covered_since, q.covered_until, q.failures, q.error,"                \
	" q.empties, q.rate"

static const char *const sql[] = {
    [QUERY_LIST_PUBLIC] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.origin <> 2 AND q.entry_state <> 3 ORDER BY q.id",
    [QUERY_LIST_ACTIVE] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.entry_state = 0 ORDER BY q.id",
    [QUERY_LIST_VISITORS] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.origin = 2 AND q.entry_state <> 3"
			    " ORDER BY q.posted_at DESC, q.id DESC",
    [QUERY_LIST_REMOVED] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.entry_state = 3 AND q.videos > 0 ORDER BY q.id",
    [QUERY_GET] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.id = ?2 AND q.origin <> 2 AND q.entry_state <> 3",
    [QUERY_GET_ANY] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.id = ?2",
    [QUERY_GET_BY_TEXT] = "SELECT " QUERY_COLUMNS " FROM query q WHERE q.folded = ?2 AND q.entry_state = 0",
    [QUERY_FIND] = "SELECT id, origin, entry_state, in_config FROM query WHERE folded = ?1",
    [QUERY_MANAGED] = "SELECT id, origin, entry_state, in_config, folded FROM query ORDER BY id",
    [QUERY_COUNTS] = "SELECT count(*), count(*) FILTER (WHERE entry_state <> 3),"
		     " count(*) FILTER (WHERE entry_state = 0 AND origin = 2) FROM query",
    [QUERY_INSERT] = "INSERT INTO query (text, folded, origin, entry_state, in_config, created_at, posted_at)"
		     " VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6)",
    /* A query that is resumed has its turn at once. */
    [QUERY_SET_MANAGED] = "UPDATE query SET origin = ?2, entry_state = ?3, in_config = ?4,"
			  " next_poll_at = iif(entry_state <> ?3 AND ?3 = 0, 0, next_poll_at),"
			  " failures = iif(entry_state <> ?3 AND ?3 = 0, 0, failures) WHERE id = ?1",
    [QUERY_SET_POSTED] = "UPDATE query SET posted_at = ?2 WHERE id = ?1",
    [QUERY_SET_STATE] = "UPDATE query SET entry_state = ?2, next_poll_at = iif(entry_state <> ?2 AND ?2 = 0, 0, next_poll_at),"
			" failures = iif(entry_state <> ?2 AND ?2 = 0, 0, failures)"
			" WHERE id = ?1 AND entry_state <> 3 AND origin <> 2",
    [QUERY_DROP] = "UPDATE query SET entry_state = 3 WHERE id = ?1 AND origin = 2 AND entry_state <> 3",
    [QUERY_EXPIRE] = "UPDATE query SET entry_state = 3 WHERE origin = 2 AND entry_state <> 3 AND posted_at < ?1",
    [QUERY_SOLE_VIDEOS] = "SELECT m.seq FROM match m WHERE m.query = ?1"
			  " AND NOT EXISTS (SELECT 1 FROM match o WHERE o.seq = m.seq AND o.query <> ?1) LIMIT ?2",
    [QUERY_FORGET_MATCHES] = "DELETE FROM match WHERE query = ?1",
};

const struct statements queries_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum query_statement which)
{
	return db_use(store, NOUN_QUERIES, (int)which);
}

/* ---- reading ---- */

static bool read_query(sqlite3_stmt *row, struct query *out, struct error *err)
{
	AUTO(query_clear)
	struct query query = {
	    .id = sqlite3_column_int64(row, 0),
	    .origin = (enum origin)sqlite3_column_int(row, 2),
	    .entry_state = (enum entry_state)sqlite3_column_int(row, 3),
	    .in_config = sqlite3_column_int(row, 4),
	    .created_at = sqlite3_column_int64(row, 5),
	    .posted_at = sqlite3_column_int64(row, 6),
	    .videos = sqlite3_column_int64(row, 7),
	    .videos_today = sqlite3_column_int64(row, 8),
	    .newest_at = sqlite3_column_int64(row, 9),
	    .attempted_at = sqlite3_column_int64(row, 10),
	    .succeeded_at = sqlite3_column_int64(row, 11),
	    .next_poll_at = sqlite3_column_int64(row, 12),
	    .covered_since = sqlite3_column_int64(row, 13),
	    .covered_until = sqlite3_column_int64(row, 14),
	    .failures = sqlite3_column_int64(row, 15),
	    .empties = sqlite3_column_int64(row, 17),
	    .rate = sqlite3_column_double(row, 18),
	};

	if (!db_copy(row, 1, &query.text, err) || !db_copy(row, 16, &query.error, err))
		return false;
	*out = query;
	query = (struct query){0};
	return true;
}

static bool add_query(struct store *store, struct query_list *list, enum query_scope scope, sqlite3_stmt *row, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	if (!read_query(row, &list->items[list->count], err))
		return false;
	struct query *query = &list->items[list->count++];
	return coverage_read_gaps(store, query, err) &&
	       (scope != QUERIES_ACTIVE || store_coverage_read(store, query->id, &query->coverage, err));
}

bool store_queries_list(struct store *store, enum query_scope scope, int64_t now, struct query_list *out, struct error *err)
{
	static const enum query_statement lists[] = {[QUERIES_PUBLIC] = QUERY_LIST_PUBLIC,
	                                             [QUERIES_ACTIVE] = QUERY_LIST_ACTIVE,
	                                             [QUERIES_VISITORS] = QUERY_LIST_VISITORS,
	                                             [QUERIES_REMOVED] = QUERY_LIST_REMOVED};
	AUTO(db_done) sqlite3_stmt *list = use(store, lists[scope]);
	AUTO(query_list_clear) struct query_list queries = {0};

	db_bind_int(list, 1, timestamp_day(now));
	for (;;) {
		bool row = false;

		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			break;
		if (!add_query(store, &queries, scope, list, err))
			return false;
	}
	*out = queries;
	queries = (struct query_list){0};
	return true;
}

/* The one query that GET gives, its parameter ?2 being bound. */
static bool get_query(struct store *store, sqlite3_stmt *get, int64_t now, struct query *out, struct error *err)
{
	AUTO(query_clear) struct query query = {0};

	db_bind_int(get, 1, timestamp_day(now));
	if (!db_row(store, get, "such query", err) || !read_query(get, &query, err) || !coverage_read_gaps(store, &query, err))
		return false;
	*out = query;
	query = (struct query){0};
	return true;
}

bool store_query_get(struct store *store, int64_t id, int64_t now, struct query *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, QUERY_GET);

	db_bind_int(get, 2, id);
	return get_query(store, get, now, out, err);
}

bool store_query_get_any(struct store *store, int64_t id, int64_t now, struct query *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, QUERY_GET_ANY);

	db_bind_int(get, 2, id);
	return get_query(store, get, now, out, err);
}

bool store_query_find(struct store *store, const char *text, int64_t now, struct query *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, QUERY_GET_BY_TEXT);
	AUTO(text_free) char *folded = NULL;

	if (!case_fold(text, &folded, err))
		return false;
	db_bind_text(get, 2, folded);
	return get_query(store, get, now, out, err);
}

/* ---- which queries there are ---- */

static const struct managed_table table = {.noun = NOUN_QUERIES,
                                           .find = QUERY_FIND,
                                           .all = QUERY_MANAGED,
                                           .set = QUERY_SET_MANAGED};

static bool insert(struct store *store, const char *text, const char *folded, struct managed_entry managed_entry, int64_t now,
                   int64_t *id, struct error *err)
{
	sqlite3_stmt *statement = use(store, QUERY_INSERT);

	db_bind_text(statement, 1, text);
	db_bind_text(statement, 2, folded);
	db_bind_int(statement, 3, (int64_t)managed_entry.origin);
	db_bind_int(statement, 4, managed_entry.in_config);
	db_bind_int(statement, 5, now);
	db_bind_int(statement, 6, managed_entry.origin == ORIGIN_VISITOR ? now : 0);
	db_public_change(store);
	if (!db_run(store, statement, err))
		return false;
	*id = sqlite3_last_insert_rowid(store->db);
	return true;
}

struct counts {
	int64_t all, kept, visitors;
};

static bool count(struct store *store, struct counts *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, QUERY_COUNTS);

	if (!db_row(store, get, "counts", err))
		return false;
	*out = (struct counts){sqlite3_column_int64(get, 0), sqlite3_column_int64(get, 1), sqlite3_column_int64(get, 2)};
	return true;
}

/* Whether one more query may be kept. */
static bool has_room(struct store *store, enum origin origin, int64_t visitor_limit, struct error *err)
{
	struct counts counts;

	if (!count(store, &counts, err))
		return false;
	if (counts.kept >= QUERY_COUNT_MAX)
		return error_set(err, ERR_TOO_MANY, "there are %d queries already, as many as there may be", QUERY_COUNT_MAX);
	if (origin == ORIGIN_VISITOR && counts.visitors >= visitor_limit)
		return error_set(err, ERR_TOO_MANY,
		                 "%lld searches of visitors are recorded already, as many as there may be: try again later",
		                 (long long)visitor_limit);
	return true;
}

static bool set_posted(struct store *store, int64_t id, int64_t now, struct error *err)
{
	sqlite3_stmt *set = use(store, QUERY_SET_POSTED);

	db_bind_int(set, 1, id);
	db_bind_int(set, 2, now);
	return db_run(store, set, err);
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
	db_public_change(store);
	return managed_set(store, &table, id, known, err);
}

static bool add(struct store *store, const char *text, const char *folded, enum origin origin, int64_t visitor_limit, int64_t now,
                int64_t *id, enum query_added *added, struct error *err)
{
	struct managed_entry managed_entry = {0};

	if (!managed_find(store, &table, folded, id, &managed_entry, err))
		return false;
	if (*id)
		return resume(store, *id, managed_entry, origin, visitor_limit, now, added, err);
	*added = QUERY_ADDED;
	return has_room(store, origin, visitor_limit, err) &&
	       insert(store, text, folded, (struct managed_entry){.origin = origin}, now, id, err);
}

bool store_query_add(struct store *store, const char *text, enum origin origin, int64_t visitor_limit, int64_t now, int64_t *id,
                     enum query_added *added, struct error *err)
{
	AUTO(text_free) char *squeezed = NULL;
	AUTO(text_free) char *folded = NULL;
	bool own = false;

	if (!text_squeeze(text, &squeezed, err) || !case_fold(text, &folded, err))
		return false;
	bool done = db_write_begin(store, &own, err) && add(store, squeezed, folded, origin, visitor_limit, now, id, added, err);
	return db_write_end(store, own, done, err);
}

static bool set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	sqlite3_stmt *set = use(store, QUERY_SET_STATE);

	db_bind_int(set, 1, id);
	db_bind_int(set, 2, (int64_t)entry_state);
	if (!db_run(store, set, err))
		return false;
	if (sqlite3_changes(store->db) == 0)
		return error_set(err, ERR_NOT_FOUND, "no such query");
	db_public_change(store);
	return true;
}

bool store_query_set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && set_state(store, id, entry_state, err);

	return db_write_end(store, own, done, err);
}

static bool drop(struct store *store, int64_t id, struct error *err)
{
	sqlite3_stmt *statement = use(store, QUERY_DROP);

	db_bind_int(statement, 1, id);
	if (!db_run(store, statement, err))
		return false;
	if (sqlite3_changes(store->db) == 0)
		return error_set(err, ERR_NOT_FOUND, "no such query");
	/* No visitor sees the difference, but the owner's pages hang on the generation too. */
	db_public_change(store);
	return true;
}

bool store_query_drop(struct store *store, int64_t id, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && drop(store, id, err);

	return db_write_end(store, own, done, err);
}

/* ---- the variable ---- */

static bool add_missing(struct store *store, const char *text, const char *folded, enum origin origin, int64_t now,
                        struct error *err)
{
	struct managed_entry managed_entry = {.origin = origin, .in_config = true};
	struct managed_entry known;
	int64_t id;

	if (!managed_find(store, &table, folded, &id, &known, err))
		return false;
	return id || (has_room(store, origin, 0, err) && insert(store, text, folded, managed_entry, now, &id, err));
}

static bool follow(struct store *store, const struct text_list *texts, const struct text_list *folded, const char *default_text,
                   int64_t now, struct error *err)
{
	struct counts counts;
	bool changed;

	if (!count(store, &counts, err) || !managed_sync(store, &table, folded, &changed, err))
		return false;
	if (changed)
		db_public_change(store);
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
	AUTO(text_list_clear) struct text_list folded = {0};
	bool own = false;

	for (size_t i = 0; i < texts->count; i++) {
		AUTO(text_free) char *text = NULL;

		if (!case_fold(texts->items[i], &text, err) || !text_list_add(&folded, text, err))
			return false;
	}
	bool done = db_write_begin(store, &own, err) && follow(store, texts, &folded, default_text, now, err);
	return db_write_end(store, own, done, err);
}

bool store_queries_expire_visitors(struct store *store, int64_t before, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *expire = use(store, QUERY_EXPIRE);
		db_bind_int(expire, 1, before);
		done = db_run(store, expire, err);
	}
	return db_write_end(store, own, done, err);
}

/* ---- purging ---- */

enum { PURGE_STEP_MAX = 500 };

static bool read_sole_videos(struct store *store, int64_t id, int64_t limit, int64_t *keys, int64_t *key_count, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = use(store, QUERY_SOLE_VIDEOS);

	db_bind_int(list, 1, id);
	db_bind_int(list, 2, limit);
	for (*key_count = 0; *key_count < limit;) {
		bool row = false;

		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			break;
		keys[(*key_count)++] = sqlite3_column_int64(list, 0);
	}
	return true;
}

static bool purge(struct store *store, int64_t id, int64_t limit, bool *left, struct error *err)
{
	int64_t keys[PURGE_STEP_MAX];
	int64_t key_count = 0;

	if (!read_sole_videos(store, id, limit, keys, &key_count, err))
		return false;
	for (int64_t i = 0; i < key_count; i++)
		if (!video_delete(store, keys[i], err))
			return false;
	*left = key_count == limit;
	if (*left)
		return true;
	sqlite3_stmt *forget = use(store, QUERY_FORGET_MATCHES);
	db_bind_int(forget, 1, id);
	db_public_change(store);
	/* What was read is no longer there: tracked again, the query begins anew. */
	return db_run(store, forget, err) && quarantine_purge(store, id, err) && coverage_forget(store, id, err);
}

bool store_query_purge(struct store *store, int64_t id, int64_t limit, bool *left, struct error *err)
{
	bool own = false;
	int64_t step = limit < PURGE_STEP_MAX ? limit : PURGE_STEP_MAX;
	bool done = db_write_begin(store, &own, err) && purge(store, id, step, left, err);

	return db_write_end(store, own, done, err);
}
