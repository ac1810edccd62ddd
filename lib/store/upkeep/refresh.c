#include "store/upkeep/refresh.h"

#include <string.h>

#include "base/timestamp.h"
#include "store/internal.h"

enum { CANARIES_READ = 60 }; /* more than are asked for at a time, so that one of them is none of those */

enum refresh_statement {
	NEXT_PENDING,
	NEXT_QUARANTINED,
	NEXT_REFRESH,
	NEXT_NEW,
	NEXT_SOON,
	NEXT_HIDDEN,
	NEXT_VISITORS,
	NEXT_COUNT,
	COUNT_PENDING = NEXT_COUNT, /* from here on the same, counted */
	COUNT_QUARANTINED,
	COUNT_REFRESH,
	COUNT_NEW,
	COUNT_SOON,
	COUNT_HIDDEN,
	COUNT_VISITORS,
	CANARIES,
	VIDEO_WANTED,
	VIDEO_STATE,
	VIDEO_MISSING,
	VIDEO_REMEMBER,
	VIDEO_REMEMBER_MATCHES,
	VIDEO_ASK_AGAIN,
	VIDEO_GIVEN,
	VIDEO_POSTPONE,
	PENDING_POSTPONE,
	QUARANTINED_POSTPONE,
	VISITORS_POSTPONE,
	REVISION_PRUNE,
};

/* Each with ?1 = limit, ?2 = time. */
#define PENDING "SELECT id FROM pending_lookup WHERE due_at <= ?2 GROUP BY id ORDER BY min(due_at), id LIMIT ?1"
/* The newest come back first. */
#define QUARANTINED                                                                                                              \
	"SELECT id FROM quarantine WHERE recheck_at <= ?2 AND reasons & 1 <> 0 ORDER BY recheck_at, published_at DESC LIMIT ?1"
_Static_assert(HIDDEN_OVERDUE == 1, "here and below");
#define REFRESH "SELECT id FROM video WHERE checked_at > 0 AND checked_at <= ?2 AND recheck_at = 0 ORDER BY checked_at LIMIT ?1"
#define NEW "SELECT id FROM video WHERE checked_at = 0 AND missing_at = 0 AND recheck_at = 0 ORDER BY seq DESC LIMIT ?1"
#define SOON "SELECT id FROM video WHERE recheck_at > 0 AND recheck_at <= ?2 ORDER BY recheck_at LIMIT ?1"
/* What is hidden for other reasons nobody waits for. */
#define HIDDEN                                                                                                                   \
	"SELECT id FROM quarantine WHERE recheck_at <= ?2 AND reasons & 1 = 0 ORDER BY recheck_at, published_at DESC LIMIT ?1"
/* What only visitors' requests found comes last. */
#define VISITORS "SELECT id FROM visitor_video WHERE recheck_at <= ?2 ORDER BY recheck_at, seq DESC LIMIT ?1"
#define COUNT(list) "SELECT count(*) FROM (" list ") waiting"

static const char *const sql[] = {
    [NEXT_PENDING] = PENDING,
    [NEXT_QUARANTINED] = QUARANTINED,
    [NEXT_REFRESH] = REFRESH,
    [NEXT_NEW] = NEW,
    [NEXT_SOON] = SOON,
    [NEXT_HIDDEN] = HIDDEN,
    [NEXT_VISITORS] = VISITORS,
    [COUNT_PENDING] = COUNT(PENDING),
    [COUNT_QUARANTINED] = COUNT(QUARANTINED),
    [COUNT_REFRESH] = COUNT(REFRESH),
    [COUNT_NEW] = COUNT(NEW),
    [COUNT_SOON] = COUNT(SOON),
    [COUNT_HIDDEN] = COUNT(HIDDEN),
    [COUNT_VISITORS] = COUNT(VISITORS),
    [CANARIES] = "SELECT id FROM video WHERE checked_at > 0 AND missing_at = 0 ORDER BY checked_at DESC LIMIT ?1",
    [VIDEO_WANTED] = "SELECT EXISTS (SELECT 1 FROM video WHERE id = ?1) OR EXISTS (SELECT 1 FROM quarantine WHERE id = ?1)"
		     " OR EXISTS (SELECT 1 FROM pending_lookup WHERE id = ?1)"
		     " OR EXISTS (SELECT 1 FROM visitor_video WHERE id = ?1)",
    [VIDEO_STATE] = "SELECT seq, missing_at FROM video WHERE id = ?1",
    [VIDEO_MISSING] = "UPDATE video SET missing_at = ?2, recheck_at = ?3, recount_at = 0 WHERE seq = ?1",
    [VIDEO_REMEMBER] = "INSERT INTO gone (id, published_at, first_seen_at, checked_at, missing_at, gone_at, recorded)"
		       " SELECT id, published_at, first_seen_at, checked_at, missing_at, ?2, recorded FROM video WHERE seq = ?1"
		       " ON CONFLICT DO NOTHING",
    [VIDEO_REMEMBER_MATCHES] = "INSERT INTO gone_match (query, gone_at, id, found_at, checked_at, missing_at)"
			       " SELECT m.query, ?2, v.id, m.found_at, v.checked_at, v.missing_at"
			       " FROM video v JOIN match m ON m.seq = v.seq WHERE v.seq = ?1 ON CONFLICT DO NOTHING",
    [VIDEO_ASK_AGAIN] =
	"INSERT INTO pending_lookup (query, id, found_at, due_at, recorded) SELECT m.query, v.id, m.found_at, ?2, m.recorded"
	" FROM video v JOIN (SELECT seq, query, found_at, recorded FROM match WHERE seq = ?1"
	" UNION ALL SELECT seq, query, found_at, recorded FROM hidden_match WHERE seq = ?1) m ON m.seq = v.seq WHERE v.seq = ?1"
	" ON CONFLICT DO NOTHING",
    [VIDEO_GIVEN] = "SELECT count(*) FROM video WHERE id = ?1 AND checked_at > 0 AND missing_at = 0",
    [VIDEO_POSTPONE] = "UPDATE video SET recheck_at = ?2 WHERE id = ?1",
    [PENDING_POSTPONE] = "UPDATE pending_lookup SET due_at = ?2 WHERE id = ?1",
    [QUARANTINED_POSTPONE] = "UPDATE quarantine SET recheck_at = ?2 WHERE id = ?1",
    [VISITORS_POSTPONE] = "UPDATE visitor_video SET recheck_at = ?2 WHERE id = ?1",
    [REVISION_PRUNE] = "DELETE FROM revision WHERE replaced_at < ?1",
};

const struct statements refresh_statements = STATEMENTS(sql);

static struct statement *use_list(struct store *store, int which, int64_t limit, int64_t time)
{
	struct statement *list = statement_use(store, sql[which]);

	bind_int(list, 1, limit);
	if (which % NEXT_COUNT != NEXT_NEW)
		bind_int(list, 2, time);
	return list;
}

/* ---- what waits ---- */

bool store_refresh_count(struct store *store, int64_t now, int64_t refresh_before, int64_t limit, int64_t *out, struct error *err)
{
	*out = 0;
	for (int which = COUNT_PENDING; which <= COUNT_VISITORS; which++) {
		int64_t count;

		if (!statement_number(use_list(store, which, limit, which == COUNT_REFRESH ? refresh_before : now), &count, err))
			return false;
		*out += count;
	}
	return true;
}

/* Appends the ids of LIST that are not there yet, until there are MOST of them. */
static bool add_ids(struct statement *list, size_t most, struct text_list *ids, struct error *err)
{
	AUTO(statement_done) struct statement *ends = list;
	bool row = true;

	while (row && ids->count < most)
		if (!statement_step(list, &row, err) ||
		    (row && !text_list_has(ids, column_text(list, 0)) && !text_list_add(ids, column_text(list, 0), err)))
			return false;
	return true;
}

bool store_refresh_next(struct store *store, int64_t now, int64_t refresh_before, int64_t limit, struct text_list *out,
                        struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	size_t most = (size_t)limit;
	size_t half = most / 2;

	if (!add_ids(use_list(store, NEXT_PENDING, limit, now), half, &ids, err) ||
	    !add_ids(use_list(store, NEXT_QUARANTINED, limit, now), most, &ids, err) ||
	    !add_ids(use_list(store, NEXT_REFRESH, limit, refresh_before), half, &ids, err) ||
	    !add_ids(use_list(store, NEXT_NEW, limit, now), most, &ids, err) ||
	    !add_ids(use_list(store, NEXT_SOON, limit, now), most, &ids, err) ||
	    !add_ids(use_list(store, NEXT_REFRESH, limit, refresh_before), most, &ids, err) ||
	    !add_ids(use_list(store, NEXT_HIDDEN, limit, now), most, &ids, err) ||
	    !add_ids(use_list(store, NEXT_VISITORS, limit, now), most, &ids, err))
		return false;
	*out = ids;
	ids = (struct text_list){0};
	return true;
}

bool store_refresh_add_canary(struct store *store, struct text_list *ids, struct error *err)
{
	struct statement *canaries = statement_use(store, sql[CANARIES]);

	bind_int(canaries, 1, CANARIES_READ);
	return add_ids(canaries, ids->count + 1, ids, err);
}

bool store_refresh_wanted(struct store *store, const char *id, bool *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[VIDEO_WANTED]);
	int64_t wanted;

	bind_text(get, 1, id);
	if (!statement_number(get, &wanted, err))
		return false;
	*out = wanted != 0;
	return true;
}

bool store_refresh_any_given(struct store *store, const struct text_list *ids, bool *out, struct error *err)
{
	*out = false;
	for (size_t i = 0; i < ids->count && !*out; i++) {
		struct statement *given = statement_use(store, sql[VIDEO_GIVEN]);
		int64_t count;

		bind_text(given, 1, ids->items[i]);
		if (!statement_number(given, &count, err))
			return false;
		*out = count > 0;
	}
	return true;
}

static bool postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err)
{
	for (size_t i = 0; i < ids->count; i++)
		for (int which = VIDEO_POSTPONE; which <= VISITORS_POSTPONE; which++) {
			struct statement *statement = statement_use(store, sql[which]);

			bind_text(statement, 1, ids->items[i]);
			bind_int(statement, 2, until);
			if (!statement_run(statement, err))
				return false;
		}
	return true;
}

bool store_refresh_postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, postpone(store, ids, until, err), err);
}

/* ---- videos that YouTube no longer has ---- */

static bool remove_gone(struct store *store, int64_t seq, int64_t now, struct error *err)
{
	int64_t back_at = now + (int64_t)BACK_DAYS * SECONDS_PER_DAY;

	return statement_run_ints(store, sql[VIDEO_REMEMBER], INTS(seq, now), err) &&
	       statement_run_ints(store, sql[VIDEO_REMEMBER_MATCHES], INTS(seq, now), err) &&
	       statement_run_ints(store, sql[VIDEO_ASK_AGAIN], INTS(seq, back_at), err) && video_delete(store, seq, err);
}

static bool missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err)
{
	AUTO(statement_done) struct statement *state = statement_use(store, sql[VIDEO_STATE]);
	bool known = false;

	bind_text(state, 1, id);
	if (!statement_step(state, &known, err))
		return false;
	if (!known)
		return lookup_missed(store, id, now, err) && quarantine_missing(store, id, now, gone, err) &&
		       visitors_missing(store, id, now, err);
	int64_t seq = column_int(state, 0);
	int64_t missing_at = column_int(state, 1);
	statement_done(&state);
	*gone = missing_at > 0 && now - missing_at >= SECONDS_PER_DAY;
	if (*gone)
		return remove_gone(store, seq, now, err);
	missing_at = missing_at ? missing_at : now;
	return statement_run_ints(store, sql[VIDEO_MISSING], INTS(seq, missing_at, missing_at + SECONDS_PER_DAY), err);
}

bool store_video_missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err)
{
	*gone = false;
	return transaction_begin(store, err) && transaction_end(store, missing(store, id, now, gone, err), err);
}

bool store_revisions_prune(struct store *store, int64_t before, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store,
	                       statement_run_ints(store, sql[REVISION_PRUNE], INTS(before), err) &&
	                           quarantine_prune_history(store, before, err),
	                       err);
}
