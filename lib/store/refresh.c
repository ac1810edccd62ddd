#include "store/refresh.h"

#include <string.h>

#include "base/timestamp.h"
#include "store/lookups.h"
#include "store/quarantine.h"
#include "store/videos_internal.h"

enum { KNOWN_LOOK = 60 }; /* more than are asked for at a time, so that one of them is none of those */

enum refresh_statement {
	CHECK_AWAITED,
	CHECK_OVERDUE,
	CHECK_REFRESH,
	CHECK_NEW,
	CHECK_SOON,
	CHECK_LIST_COUNT,
	COUNT_AWAITED = CHECK_LIST_COUNT, /* from here on the same, counted */
	COUNT_OVERDUE,
	COUNT_REFRESH,
	COUNT_NEW,
	COUNT_SOON,
	CHECK_KNOWN,
	VIDEO_STATE,
	VIDEO_MISSING,
	VIDEO_REMEMBER,
	VIDEO_AWAIT_BACK,
	REVISION_PRUNE,
};

/* Each with ?1 = limit, ?2 = time. */
#define PENDING "SELECT DISTINCT id FROM pending_lookup WHERE due_at <= ?2 ORDER BY due_at LIMIT ?1"
/* The newest come back first. */
#define QUARANTINED "SELECT id FROM quarantine WHERE recheck_at <= ?2 ORDER BY recheck_at, published_at DESC LIMIT ?1"
#define REFRESH "SELECT id FROM video WHERE checked_at > 0 AND checked_at <= ?2 AND recheck_at = 0 ORDER BY checked_at LIMIT ?1"
#define NEW "SELECT id FROM video WHERE checked_at = 0 AND missing_at = 0 ORDER BY seq DESC LIMIT ?1"
#define SOON "SELECT id FROM video WHERE recheck_at > 0 AND recheck_at <= ?2 ORDER BY recheck_at LIMIT ?1"
#define COUNT(list) "SELECT count(*) FROM (" list ")"

static const char *const sql[] = {
    [CHECK_AWAITED] = PENDING,
    [CHECK_OVERDUE] = QUARANTINED,
    [CHECK_REFRESH] = REFRESH,
    [CHECK_NEW] = NEW,
    [CHECK_SOON] = SOON,
    [COUNT_AWAITED] = COUNT(PENDING),
    [COUNT_OVERDUE] = COUNT(QUARANTINED),
    [COUNT_REFRESH] = COUNT(REFRESH),
    [COUNT_NEW] = COUNT(NEW),
    [COUNT_SOON] = COUNT(SOON),
    [CHECK_KNOWN] = "SELECT id FROM video WHERE checked_at > 0 AND missing_at = 0 ORDER BY checked_at DESC LIMIT ?1",
    [VIDEO_STATE] = "SELECT seq, missing_at FROM video WHERE id = ?1",
    [VIDEO_MISSING] = "UPDATE video SET missing_at = iif(missing_at, missing_at, ?2),"
		      " recheck_at = iif(missing_at, missing_at, ?2) + ?3 WHERE seq = ?1",
    [VIDEO_REMEMBER] = "INSERT INTO gone (id, published_at, first_seen_at, gone_at)"
		       " SELECT id, published_at, first_seen_at, ?2 FROM video WHERE seq = ?1 ON CONFLICT DO NOTHING",
    [VIDEO_AWAIT_BACK] = "INSERT INTO pending_lookup (query, id, found_at, due_at) SELECT m.query, v.id, m.found_at, ?2"
			 " FROM video v JOIN match m ON m.seq = v.seq WHERE v.seq = ?1 ON CONFLICT DO NOTHING",
    [REVISION_PRUNE] = "DELETE FROM revision WHERE replaced_at < ?1",
};

const struct statements refresh_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum refresh_statement which)
{
	return db_use(store, NOUN_REFRESH, (int)which);
}

static sqlite3_stmt *use_list(struct store *store, int which, int64_t limit, int64_t time)
{
	sqlite3_stmt *list = use(store, (enum refresh_statement)which);

	db_bind_int(list, 1, limit);
	if (which % CHECK_LIST_COUNT != CHECK_NEW)
		db_bind_int(list, 2, time);
	return list;
}

/* ---- what waits ---- */

bool store_refresh_count(struct store *store, int64_t now, int64_t refresh_before, int64_t limit, int64_t *out, struct error *err)
{
	*out = 0;
	for (int which = COUNT_AWAITED; which <= COUNT_SOON; which++) {
		AUTO(db_done) sqlite3_stmt *count = use_list(store, which, limit, which == COUNT_REFRESH ? refresh_before : now);

		if (!db_row(store, count, "count", err))
			return false;
		*out += sqlite3_column_int64(count, 0);
	}
	return true;
}

/* Appends the ids of LIST that are not there yet, until there are MOST of them. */
static bool add_ids(struct store *store, sqlite3_stmt *list, size_t most, struct text_list *ids, struct error *err)
{
	bool row = false;
	bool done = true;

	while (done && ids->count < most) {
		done = db_step(store, list, &row, err);
		if (!done || !row)
			break;
		done = text_list_has(ids, db_text(list, 0)) || text_list_add(ids, db_text(list, 0), err);
	}
	sqlite3_reset(list);
	return done;
}

bool store_refresh_next(struct store *store, int64_t now, int64_t refresh_before, int64_t limit, struct text_list *out,
                        struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	size_t most = (size_t)limit;
	size_t half = most / 2;

	if (!add_ids(store, use_list(store, CHECK_AWAITED, limit, now), half, &ids, err) ||
	    !add_ids(store, use_list(store, CHECK_OVERDUE, limit, now), most, &ids, err) ||
	    !add_ids(store, use_list(store, CHECK_REFRESH, limit, refresh_before), half, &ids, err) ||
	    !add_ids(store, use_list(store, CHECK_NEW, limit, now), most, &ids, err) ||
	    !add_ids(store, use_list(store, CHECK_SOON, limit, now), most, &ids, err) ||
	    !add_ids(store, use_list(store, CHECK_REFRESH, limit, refresh_before), most, &ids, err))
		return false;
	*out = ids;
	ids = (struct text_list){0};
	return true;
}

bool store_refresh_add_canary(struct store *store, struct text_list *ids, struct error *err)
{
	sqlite3_stmt *known = use(store, CHECK_KNOWN);

	db_bind_int(known, 1, KNOWN_LOOK);
	return add_ids(store, known, ids->count + 1, ids, err);
}

/* ---- going ---- */

static bool note_missing(struct store *store, int64_t seq, int64_t now, struct error *err)
{
	sqlite3_stmt *note = use(store, VIDEO_MISSING);

	db_bind_int(note, 1, seq);
	db_bind_int(note, 2, now);
	db_bind_int(note, 3, SECONDS_PER_DAY);
	return db_run(store, note, err);
}

static bool let_go(struct store *store, int64_t seq, int64_t now, struct error *err)
{
	sqlite3_stmt *remember = use(store, VIDEO_REMEMBER);
	sqlite3_stmt *await = use(store, VIDEO_AWAIT_BACK);

	db_bind_int(remember, 1, seq);
	db_bind_int(remember, 2, now);
	db_bind_int(await, 1, seq);
	db_bind_int(await, 2, now + (int64_t)BACK_DAYS * SECONDS_PER_DAY);
	return db_run(store, remember, err) && db_run(store, await, err) && video_delete(store, seq, err);
}

static bool missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *state = use(store, VIDEO_STATE);
	bool known = false;

	db_bind_text(state, 1, id);
	if (!db_step(store, state, &known, err))
		return false;
	if (!known)
		return lookup_missed(store, id, now, err) && quarantine_missing(store, id, now, gone, err);
	int64_t seq = sqlite3_column_int64(state, 0);
	int64_t missing_at = sqlite3_column_int64(state, 1);
	sqlite3_reset(state);
	*gone = missing_at > 0 && now - missing_at >= SECONDS_PER_DAY;
	return *gone ? let_go(store, seq, now, err) : note_missing(store, seq, now, err);
}

bool store_video_missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err)
{
	bool own = false;

	*gone = false;
	bool done = db_write_begin(store, &own, err) && missing(store, id, now, gone, err);
	return db_write_end(store, own, done, err);
}

bool store_revisions_prune(struct store *store, int64_t before, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *prune = use(store, REVISION_PRUNE);
		db_bind_int(prune, 1, before);
		done = db_run(store, prune, err) && quarantine_prune_revisions(store, before, err);
	}
	return db_write_end(store, own, done, err);
}
