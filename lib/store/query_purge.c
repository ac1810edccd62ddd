/* Forgetting what a removed query found. */
#include "store/queries.h"

#include "store/coverage.h"
#include "store/internal.h"

enum query_purge_statement {
	QUERY_SOLE_VIDEOS,
	QUERY_SHARED_WITH_HIDING,
	QUERY_FORGET_MATCH,
	QUERY_FORGET_MATCHES,
	QUERY_FORGET_HIDDEN,
	QUERY_FORGET_GONE,
	QUERY_FORGET_PENDING,
};

static const char *const sql[] = {
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

const struct statements query_purge_statements = STATEMENTS(sql);

enum { PURGE_STEP_MAX = 500 };

static bool read_videos(struct store *store, enum query_purge_statement which, int64_t id, int64_t limit, int64_t *keys,
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
