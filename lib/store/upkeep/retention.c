#include "store/upkeep/retention.h"

#include "base/timestamp.h"
#include "store/coverage.h"
#include "store/internal.h"

enum {
	REMOVE_STEP_MAX = 500,
	LOOK_STEP = 20000 /* videos that are looked at in a step */
};

enum retention_statement {
	QUERY_CHANGED,
	QUERY_SET,
	QUERY_KEEPS,
	OTHERS_SINCE,
	OTHERS_SET,
	BEGIN,
	NEXT_SEQ,
	GO_ON,
	BEFORE,
	LOOK_LAST,
	VIDEOS_OLD,
	HIDDEN_OLD,
	HIDDEN_DELETE,
	GONE_FORGET,
};

/* Since when a query keeps its videos: ?1 for those that say nothing, ?2 for those that keep all, ?3 is today. */
#define KEPT_SINCE                                                                                                               \
	"CASE WHEN q.keep_days = 0 THEN ?1 WHEN q.keep_days < 0 OR ?3 - q.keep_days * 86400 < ?2 THEN ?2"                        \
	" ELSE ?3 - q.keep_days * 86400 END"

/* Since when videos are kept that the queries of MATCHES found: as long as one of them says. */
#define KEPT_BY(matches)                                                                                                         \
	"coalesce((SELECT min(q.kept_since) FROM (" matches ") m JOIN query q ON q.id = m.query WHERE q.origin <> " SQL_VISITOR  \
	"), (SELECT kept_since FROM meta))"

_Static_assert(SEQ_PER_SECOND == 1024, "the texts below");

static const char *const sql[] = {
    [QUERY_CHANGED] = "SELECT q.id, " KEPT_SINCE " FROM query q WHERE q.kept_since <> " KEPT_SINCE " LIMIT 1",
    /* What is no longer kept needs no backfill. */
    [QUERY_SET] =
	"UPDATE query SET kept_since = ?2, backfill_until = CASE WHEN backfill_until <= ?2 THEN 0 ELSE backfill_until END,"
	" backfill_since = CASE WHEN backfill_since < ?2 THEN ?2 ELSE backfill_since END WHERE id = ?1",
    [QUERY_KEEPS] = "SELECT count(*) FROM query WHERE id = ?1 AND kept_since <= ?2",
    [OTHERS_SINCE] = "SELECT kept_since FROM meta",
    [OTHERS_SET] = "UPDATE meta SET kept_since = ?1",
    [BEGIN] = "UPDATE meta SET retention_seq = 0",
    [NEXT_SEQ] = "SELECT retention_seq FROM meta",
    [GO_ON] = "UPDATE meta SET retention_seq = ?1",
    [BEFORE] = "SELECT max(since) FROM (SELECT kept_since AS since FROM meta UNION ALL SELECT max(kept_since) FROM query) times",
    [LOOK_LAST] = "SELECT coalesce(max(seq), -1) FROM (SELECT seq FROM video WHERE seq >= ?1 AND seq < ?2 * 1024 ORDER BY seq"
		  " LIMIT ?3) next",
    [VIDEOS_OLD] = "SELECT v.seq FROM video v WHERE v.seq >= ?1 AND v.seq <= ?2 AND v.seq < 1024 * " KEPT_BY(
	"SELECT query FROM match WHERE seq = v.seq UNION ALL SELECT query FROM hidden_match WHERE seq = v.seq") " ORDER BY v.seq"
														" LIMIT ?3",
    [HIDDEN_OLD] = "SELECT o.number FROM quarantine o WHERE o.published_at < ?1 AND o.published_at < " KEPT_BY(
	"SELECT query FROM quarantine_match WHERE number = o.number") " ORDER BY o.published_at LIMIT ?2",
    [HIDDEN_DELETE] = "DELETE FROM quarantine WHERE number = ?1",
    /* With the videos of a day, those of them that are gone leave its figures too. */
    [GONE_FORGET] = "DELETE FROM gone_match WHERE (query, gone_at, id) IN (SELECT m.query, m.gone_at, m.id FROM gone_match m"
		    " JOIN gone g ON g.id = m.id WHERE g.published_at < ?1 AND g.published_at < " KEPT_BY(
			"SELECT query FROM gone_match WHERE id = g.id") " LIMIT ?2)",
};

const struct statements retention_statements = STATEMENTS(sql);

static struct statement *bound(struct store *store, enum retention_statement which, struct ints values)
{
	struct statement *statement = statement_use(store, sql[which]);

	bind_ints(statement, values);
	return statement;
}

/* ---- since when ---- */

/* A query whose time is to change; its id is 0 when there is none. */
struct changed {
	int64_t id, since;
};

static bool find_changed(struct store *store, struct ints times, struct changed *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = bound(store, QUERY_CHANGED, times);
	bool row = false;

	*out = (struct changed){0};
	if (!statement_step(get, &row, err))
		return false;
	if (row)
		*out = (struct changed){column_int(get, 0), column_int(get, 1)};
	return true;
}

static bool cut_coverage(struct store *store, int64_t id, int64_t since, int64_t now, struct error *err)
{
	AUTO(coverage_clear) struct coverage coverage = {0};

	if (!store_coverage_read(store, id, &coverage, err))
		return false;
	if (coverage.count == 0 || coverage_since(&coverage) >= since)
		return true;
	coverage_cut(&coverage, since);
	return store_coverage_write(store, id, &coverage, now, err);
}

static bool set(struct store *store, const struct changed *query, int64_t now, struct error *err)
{
	return statement_run_ints(store, sql[QUERY_SET], INTS(query->id, query->since), err) &&
	       query_change(store, query->id, err) && cut_coverage(store, query->id, query->since, now, err) &&
	       statement_run(statement_use(store, sql[BEGIN]), err);
}

static bool set_queries(struct store *store, struct ints times, int64_t now, struct error *err)
{
	struct changed query;

	for (;;) {
		if (!find_changed(store, times, &query, err))
			return false;
		if (!query.id)
			return true;
		if (!transaction_begin(store, err) || !transaction_end(store, set(store, &query, now, err), err))
			return false;
	}
}

static bool set_others(struct store *store, int64_t since, struct error *err)
{
	return statement_run_ints(store, sql[OTHERS_SET], INTS(since), err) &&
	       statement_run(statement_use(store, sql[BEGIN]), err);
}

/* The first midnight from which on there are no more videos than COUNT beside those of its day; 0 = there are not so many. */
static bool since_of_count(struct store *store, int64_t count, int64_t *out, struct error *err)
{
	int64_t seq = 0;

	if (count && !volume_find(store, 0, count - 1, &seq, err))
		return false;
	*out = timestamp_day(seq / SEQ_PER_SECOND);
	return true;
}

bool store_retention_follow(struct store *store, const struct retention *retention, int64_t now, struct error *err)
{
	int64_t today = timestamp_day(now);
	int64_t since = retention->days ? today - retention->days * SECONDS_PER_DAY : 0;
	int64_t of_all, before;

	if (!since_of_count(store, retention->videos, &of_all, err))
		return false;
	since = since > of_all ? since : of_all;
	if (!set_queries(store, INTS(since, of_all, today), now, err) ||
	    !statement_number(statement_use(store, sql[OTHERS_SINCE]), &before, err))
		return false;
	return before == since || (transaction_begin(store, err) && transaction_end(store, set_others(store, since, err), err));
}

bool store_query_keeps(struct store *store, int64_t query_id, int64_t time, bool *out, struct error *err)
{
	int64_t keeps;

	if (!statement_number(bound(store, QUERY_KEEPS, INTS(query_id, time)), &keeps, err))
		return false;
	*out = keeps != 0;
	return true;
}

/* ---- removing ---- */

struct keys {
	int64_t items[REMOVE_STEP_MAX];
	int64_t count;
};

static bool read_keys(struct statement *list, struct keys *out, struct error *err)
{
	AUTO(statement_done) struct statement *ends = list;
	bool row = true;

	for (out->count = 0; row;) {
		if (!statement_step(list, &row, err))
			return false;
		if (row)
			out->items[out->count++] = column_int(list, 0);
	}
	return true;
}

static bool go_on_at(struct store *store, int64_t seq, struct error *err)
{
	return statement_run_ints(store, sql[GO_ON], INTS(seq), err);
}

/* As many of KEYS as others can wait for. Then all up to LAST have been looked at, if there are not MORE than KEYS. */
static bool delete_videos(struct store *store, const struct keys *keys, int64_t last, bool more, struct error *err)
{
	int64_t next = last + 1;

	for (int64_t i = 0; i < keys->count; i++) {
		if (store_transaction_is_long(store))
			return go_on_at(store, keys->items[i], err);
		if (!video_delete(store, keys->items[i], err))
			return false;
		if (more)
			next = keys->items[i];
	}
	return go_on_at(store, next, err);
}

/* Of the videos from SEQ up to LAST. They are looked through before the transaction, in which only a few are removed. */
static bool remove_videos(struct store *store, int64_t seq, int64_t last, int64_t limit, struct error *err)
{
	struct keys keys;

	return read_keys(bound(store, VIDEOS_OLD, INTS(seq, last, limit)), &keys, err) && transaction_begin(store, err) &&
	       transaction_end(store, delete_videos(store, &keys, last, keys.count == limit, err), err);
}

static bool delete_hidden(struct store *store, const struct keys *keys, int64_t before, int64_t limit, bool *left,
                          struct error *err)
{
	int64_t i = 0;

	public_change(store);
	for (; i < keys->count && !store_transaction_is_long(store); i++)
		if (!statement_run_ints(store, sql[HIDDEN_DELETE], INTS(keys->items[i]), err))
			return false;
	if (!statement_run_ints(store, sql[GONE_FORGET], INTS(before, limit), err))
		return false;
	*left = *left || i < keys->count || changed_rows(store) == limit;
	return *left || go_on_at(store, -1, err);
}

/* Hidden ones have no order of keys: they are looked through from the oldest again. */
static bool remove_hidden(struct store *store, int64_t before, int64_t limit, bool *left, struct error *err)
{
	struct keys hidden;

	if (!read_keys(bound(store, HIDDEN_OLD, INTS(before, limit)), &hidden, err))
		return false;
	*left = hidden.count == limit;
	return transaction_begin(store, err) &&
	       transaction_end(store, delete_hidden(store, &hidden, before, limit, left, err), err);
}

bool store_retention_remove(struct store *store, int64_t limit, bool *left, struct error *err)
{
	int64_t step = limit < REMOVE_STEP_MAX ? limit : REMOVE_STEP_MAX;
	int64_t seq, before, last;

	*left = false;
	if (!statement_number(statement_use(store, sql[NEXT_SEQ]), &seq, err))
		return false;
	if (seq < 0)
		return true;
	if (!statement_number(statement_use(store, sql[BEFORE]), &before, err) ||
	    !statement_number(bound(store, LOOK_LAST, INTS(seq, before, LOOK_STEP)), &last, err))
		return false;
	if (last < 0)
		return remove_hidden(store, before, step, left, err);
	*left = true;
	return remove_videos(store, seq, last, step, err);
}
