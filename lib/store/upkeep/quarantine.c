#include "store/upkeep/quarantine.h"

#include "base/timestamp.h"
#include "store/internal.h"

enum { HIDE_STEP_MAX = 500 };

enum { REFRESH_DAYS = 20 }; /* content may be kept for 30 without being asked for again */
_Static_assert(HIDDEN_OVERDUE == 1, "the texts below");

/* When a hidden video is to be looked up: at once where it is overdue or was never looked up, else in its turn. */
#define TURN(reasons, checked_at)                                                                                                \
	"CASE WHEN " reasons " & 1 <> 0 OR " checked_at " = 0 THEN 0 ELSE " checked_at " + 20 * 86400 END"
_Static_assert(REFRESH_DAYS == 20, "TURN()");

enum quarantine_statement {
	QUARANTINE_DUE,
	QUARANTINE_COUNT,
	QUARANTINE_FIND,
	QUARANTINE_STATE,
	QUARANTINE_REASONS,
	QUARANTINE_SET_REASONS,
	QUARANTINE_ANY_OVERDUE,
	QUARANTINE_MARK_OVERDUE,
	QUARANTINE_INSERT,
	QUARANTINE_UPDATE,
	QUARANTINE_REVISION,
	HIDE_VIDEO,
	HIDE_MATCHES,
	HIDE_HIDDEN_MATCHES,
	HIDE_REVISIONS,
	SHOW_VIDEO,
	SHOW_MATCHES,
	SHOW_HIDDEN_MATCHES,
	SHOW_REVISIONS,
	QUARANTINE_MISSING,
	QUARANTINE_REMEMBER,
	QUARANTINE_REMEMBER_MATCHES,
	QUARANTINE_ASK_AGAIN,
	QUARANTINE_DELETE,
	QUARANTINE_PURGE,
	QUARANTINE_FORGET_MATCHES,
	QUARANTINE_PRUNE_REVISIONS,
};

/* Of a revision, all columns but the two keys. */
#define REVISION "replaced_at, title, description, thumbnail_url, views, likes, comments"

/* Hidden for another reason, and not given since ?1: its turn was long before, or has been put off by a day at most. */
#define IS_OVERDUE "recheck_at < ?1 + 31 * 86400 AND reasons & 1 = 0 AND fetched_at < ?1"

/* ?1 of HIDE_… is the key of the video, of SHOW_… that of the hidden one; ?2 is the other. */
static const char *const sql[] = {
    [QUARANTINE_DUE] = "SELECT seq FROM video WHERE checked_at > 0 AND checked_at < ?1"
		       " UNION ALL SELECT seq FROM video WHERE checked_at = 0 AND fetched_at < ?1 LIMIT ?2",
    [QUARANTINE_COUNT] = "SELECT count(*) FROM quarantine WHERE reasons & 1 <> 0",
    [QUARANTINE_FIND] = "SELECT number, published_at FROM quarantine WHERE id = ?1",
    [QUARANTINE_STATE] = "SELECT number, missing_at FROM quarantine WHERE id = ?1",
    [QUARANTINE_REASONS] = "SELECT number, reasons FROM quarantine WHERE id = ?1",
    [QUARANTINE_SET_REASONS] = "UPDATE quarantine SET reasons = ?2 WHERE number = ?1",
    [QUARANTINE_ANY_OVERDUE] = "SELECT EXISTS (SELECT 1 FROM quarantine WHERE " IS_OVERDUE ")",
    [QUARANTINE_MARK_OVERDUE] =
	"UPDATE quarantine SET reasons = reasons | 1, recheck_at = CASE WHEN missing_at > 0 THEN recheck_at ELSE 0 END"
	" WHERE number IN (SELECT number FROM quarantine WHERE " IS_OVERDUE " LIMIT ?2)",
    [QUARANTINE_INSERT] =
	"INSERT INTO quarantine (id, channel, published_at, title, description, description_cut, thumbnail_url, thumbnails,"
	" kind, duration_s, views, likes, comments, scheduled_at, first_seen_at, published_unknown, tags, category, language,"
	" audio_language, definition, caption, licence, started_at, ended_at, fetched_at, checked_at, missing_at, recheck_at,"
	" reasons, recorded)"
	" VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,"
	" ?25, ?26, ?27, ?28, 0, " TURN("?29", "?28") ", ?29, CASE WHEN ?30 > 0 THEN ?30 ELSE " SQL_NEXT_RECORDED("?27") " END)",
    [QUARANTINE_UPDATE] =
	"UPDATE quarantine SET channel = ?3, published_at = ?4, title = ?5, description = ?6, description_cut = ?7,"
	" thumbnail_url = ?8, thumbnails = ?9, kind = ?10, duration_s = ?11, views = ?12, likes = ?13, comments = ?14,"
	" scheduled_at = ?15, published_unknown = ?17, tags = ?18, category = ?19, language = ?20, audio_language = ?21,"
	" definition = ?22, caption = ?23, licence = ?24, started_at = ?25, ended_at = ?26, fetched_at = ?27, checked_at = ?27,"
	" missing_at = 0, recheck_at = CASE WHEN ?28 > 0 THEN ?28 ELSE " TURN("0", "?27") " END, reasons = reasons & ~1"
											  " WHERE number = ?1 AND id = ?2",
    [QUARANTINE_REVISION] = "INSERT INTO quarantine_revision (number, " REVISION ")"
			    " SELECT number, ?2, title, description, thumbnail_url, views, likes, comments FROM quarantine"
			    " WHERE number = ?1",
    [HIDE_VIDEO] = "INSERT INTO quarantine (" VIDEO_CONTENT ", reasons, recheck_at)"
		   " SELECT " VIDEO_CONTENT ", ?2, CASE WHEN missing_at > 0 OR recheck_at > 0 AND ?2 & 1 = 0 THEN recheck_at"
		   " ELSE " TURN("?2", "checked_at") " END FROM video WHERE seq = ?1 RETURNING number",
    [HIDE_MATCHES] = "INSERT INTO quarantine_match (number, query, found_at, how, in_search, recorded, hidden)"
		     " SELECT ?2, query, found_at, how, in_search, recorded, 0 FROM match WHERE seq = ?1",
    [HIDE_HIDDEN_MATCHES] = "INSERT INTO quarantine_match (number, query, found_at, how, in_search, recorded, hidden)"
			    " SELECT ?2, query, found_at, how, in_search, recorded, 1 FROM hidden_match WHERE seq = ?1",
    [HIDE_REVISIONS] =
	"INSERT INTO quarantine_revision (number, " REVISION ") SELECT ?2, " REVISION " FROM revision WHERE seq = ?1 ORDER BY id",
    [SHOW_VIDEO] = "INSERT INTO video (seq, " VIDEO_CONTENT ", recheck_at, changed) SELECT ?2, " VIDEO_CONTENT ","
		   " CASE WHEN recheck_at = checked_at + 20 * 86400 THEN 0 ELSE recheck_at END, " SQL_NEXT_RECORDED(
		       "0") " FROM quarantine WHERE number = ?1",
    [SHOW_MATCHES] =
	"INSERT INTO match (seq, query, found_at, how, in_search, recorded)"
	" SELECT ?2, query, found_at, how, in_search, recorded FROM quarantine_match WHERE number = ?1 AND hidden = 0",
    [SHOW_HIDDEN_MATCHES] =
	"INSERT INTO hidden_match (seq, query, found_at, how, in_search, recorded)"
	" SELECT ?2, query, found_at, how, in_search, recorded FROM quarantine_match WHERE number = ?1 AND hidden = 1",
    [SHOW_REVISIONS] =
	"INSERT INTO revision (seq, " REVISION ") SELECT ?2, " REVISION " FROM quarantine_revision WHERE number = ?1 ORDER BY id",
    [QUARANTINE_MISSING] = "UPDATE quarantine SET missing_at = ?2, recheck_at = ?3 WHERE number = ?1",
    [QUARANTINE_REMEMBER] =
	"INSERT INTO gone (id, published_at, first_seen_at, checked_at, missing_at, gone_at, recorded, hidden)"
	" SELECT id, published_at, first_seen_at, checked_at, missing_at, ?2, recorded,"
	" CASE WHEN reasons & ~1 <> 0 THEN 1 ELSE 0 END FROM quarantine WHERE number = ?1 ON CONFLICT DO NOTHING",
    /* Those that readers would see if the video had been looked up in time. */
    [QUARANTINE_REMEMBER_MATCHES] =
	"INSERT INTO gone_match (query, gone_at, id, found_at, checked_at, missing_at)"
	" SELECT m.query, ?2, o.id, m.found_at, o.checked_at, o.missing_at FROM quarantine o"
	" JOIN quarantine_match m ON m.number = o.number WHERE o.number = ?1 AND o.reasons & ~1 = 0 AND m.hidden = 0"
	" ON CONFLICT DO NOTHING",
    [QUARANTINE_ASK_AGAIN] =
	"INSERT INTO pending_lookup (query, id, found_at, due_at, recorded) SELECT m.query, o.id, m.found_at, ?2, m.recorded"
	" FROM quarantine o JOIN quarantine_match m ON m.number = o.number WHERE o.number = ?1 ON CONFLICT DO NOTHING",
    [QUARANTINE_DELETE] = "DELETE FROM quarantine WHERE number = ?1",
    [QUARANTINE_PURGE] =
	"DELETE FROM quarantine WHERE number IN (SELECT m.number FROM quarantine_match m WHERE m.query = ?1 AND NOT EXISTS"
	" (SELECT 1 FROM quarantine_match o JOIN query q ON q.id = o.query"
	" WHERE o.number = m.number AND o.query <> ?1 AND q.origin <> " SQL_VISITOR ") LIMIT ?2)",
    [QUARANTINE_FORGET_MATCHES] = "DELETE FROM quarantine_match WHERE query = ?1 AND number IN"
				  " (SELECT number FROM quarantine_match WHERE query = ?1 LIMIT ?2)",
    [QUARANTINE_PRUNE_REVISIONS] = "DELETE FROM quarantine_revision WHERE replaced_at < ?1",
};

const struct statements quarantine_statements = STATEMENTS(sql);

static bool run(struct store *store, enum quarantine_statement which, struct ints values, struct error *err)
{
	return statement_run_ints(store, sql[which], values, err);
}

/* ---- hiding ---- */

static bool read_keys(struct store *store, int64_t before, int64_t limit, int64_t *keys, int64_t *count, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[QUARANTINE_DUE]);
	bool row = false;

	bind_ints(list, INTS(before, limit));
	for (*count = 0;;) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			return true;
		keys[(*count)++] = column_int(list, 0);
	}
}

bool quarantine_hide(struct store *store, int64_t seq, unsigned reasons, struct error *err)
{
	struct statement *insert = statement_use(store, sql[HIDE_VIDEO]);
	int64_t number;

	bind_ints(insert, INTS(seq, reasons));
	return statement_number(insert, &number, err) && run(store, HIDE_MATCHES, INTS(seq, number), err) &&
	       run(store, HIDE_HIDDEN_MATCHES, INTS(seq, number), err) && run(store, HIDE_REVISIONS, INTS(seq, number), err) &&
	       video_delete(store, seq, err);
}

static bool hide_some(struct store *store, int64_t before, int64_t limit, int64_t *hidden, struct error *err)
{
	int64_t keys[HIDE_STEP_MAX];

	if (!read_keys(store, before, limit, keys, hidden, err))
		return false;
	for (int64_t i = 0; i < *hidden; i++)
		if (!quarantine_hide(store, keys[i], HIDDEN_OVERDUE, err))
			return false;
	return true;
}

static bool mark_overdue(struct store *store, int64_t before, int64_t limit, struct error *err)
{
	struct statement *any = statement_use(store, sql[QUARANTINE_ANY_OVERDUE]);
	int64_t overdue;

	bind_int(any, 1, before);
	return statement_number(any, &overdue, err) &&
	       (!overdue || (transaction_begin(store, err) &&
	                     transaction_end(store, run(store, QUARANTINE_MARK_OVERDUE, INTS(before, limit), err), err)));
}

/* Runs without anything to hide, nearly all of them, write nothing. */
static bool any(struct store *store, int64_t before, bool *out, struct error *err)
{
	int64_t key;
	int64_t count;

	if (!read_keys(store, before, 1, &key, &count, err))
		return false;
	*out = count > 0;
	return true;
}

bool store_quarantine_hide(struct store *store, int64_t before, int64_t limit, int64_t *hidden, bool *left, struct error *err)
{
	int64_t step = limit < HIDE_STEP_MAX ? limit : HIDE_STEP_MAX;

	*hidden = 0;
	if (!mark_overdue(store, before, step, err) || !any(store, before, left, err))
		return false;
	if (!*left)
		return true;
	if (!transaction_begin(store, err))
		return false;
	bool done = hide_some(store, before, step, hidden, err);
	*left = done && *hidden == step;
	return transaction_end(store, done, err);
}

bool store_quarantine_count(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[QUARANTINE_COUNT]), out, err);
}

/* ---- coming back ---- */

/* The key of the hidden video ID, 0 when it is not, and the second column of WHICH. */
static bool find(struct store *store, enum quarantine_statement which, const char *id, int64_t *number, int64_t *second,
                 struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[which]);
	bool row = false;

	bind_text(get, 1, id);
	if (!statement_step(get, &row, err))
		return false;
	*number = row ? column_int(get, 0) : 0;
	*second = row ? column_int(get, 1) : 0;
	return true;
}

bool quarantine_has(struct store *store, const char *id, bool *out, struct error *err)
{
	int64_t number;
	int64_t ignored;

	if (!find(store, QUARANTINE_FIND, id, &number, &ignored, err))
		return false;
	*out = number != 0;
	return true;
}

bool quarantine_restore(struct store *store, const char *id, struct error *err)
{
	int64_t number;
	int64_t published_at;
	int64_t seq;

	if (!find(store, QUARANTINE_FIND, id, &number, &published_at, err) || !video_free_seq(store, published_at, &seq, err))
		return false;
	public_change(store);
	return run(store, SHOW_VIDEO, INTS(number, seq), err) && index_insert_new(store, seq, err) &&
	       run(store, SHOW_MATCHES, INTS(number, seq), err) && run(store, SHOW_HIDDEN_MATCHES, INTS(number, seq), err) &&
	       run(store, SHOW_REVISIONS, INTS(number, seq), err) && run(store, QUARANTINE_DELETE, INTS(number), err);
}

/* ---- what stays hidden ---- */

bool quarantine_find(struct store *store, const char *id, int64_t *number, unsigned *reasons, struct error *err)
{
	int64_t bits;

	if (!find(store, QUARANTINE_REASONS, id, number, &bits, err))
		return false;
	*reasons = (unsigned)bits;
	return true;
}

bool quarantine_set_reasons(struct store *store, int64_t number, unsigned reasons, struct error *err)
{
	return run(store, QUARANTINE_SET_REASONS, INTS(number, reasons), err);
}

bool quarantine_insert(struct store *store, const struct video *video, unsigned reasons, int64_t channel, bool checked,
                       int64_t now, struct error *err)
{
	struct statement *insert = statement_use(store, sql[QUARANTINE_INSERT]);

	video_bind(insert, video, 0, channel);
	bind_int(insert, 27, now);
	bind_int(insert, 28, checked ? now : 0);
	bind_int(insert, 29, reasons);
	bind_int(insert, 30, video->recorded);
	return statement_run(insert, err);
}

bool quarantine_update(struct store *store, int64_t number, const struct video *video, int64_t channel, bool is_revision,
                       bool first, int64_t now, struct error *err)
{
	if (is_revision && !run(store, QUARANTINE_REVISION, INTS(number, now), err))
		return false;
	struct statement *update = statement_use(store, sql[QUARANTINE_UPDATE]);
	video_bind(update, video, number, channel);
	bind_int(update, 27, now);
	bind_int(update, 28, video_recheck_at(video, first, now));
	return statement_run(update, err);
}

/* ---- videos that YouTube no longer has ---- */

bool quarantine_missing(struct store *store, const char *id, int64_t now, bool *gone, struct error *err)
{
	int64_t number;
	int64_t missing_at;

	if (!find(store, QUARANTINE_STATE, id, &number, &missing_at, err))
		return false;
	if (!number)
		return true;
	*gone = missing_at > 0 && now - missing_at >= SECONDS_PER_DAY;
	if (*gone)
		public_change(store);
	if (*gone)
		return run(store, QUARANTINE_REMEMBER, INTS(number, now), err) &&
		       run(store, QUARANTINE_REMEMBER_MATCHES, INTS(number, now), err) &&
		       run(store, QUARANTINE_ASK_AGAIN, INTS(number, now + (int64_t)BACK_DAYS * SECONDS_PER_DAY), err) &&
		       run(store, QUARANTINE_DELETE, INTS(number), err);
	missing_at = missing_at ? missing_at : now;
	return run(store, QUARANTINE_MISSING, INTS(number, missing_at, missing_at + SECONDS_PER_DAY), err);
}

bool quarantine_purge(struct store *store, int64_t query_id, int64_t limit, bool *left, struct error *err)
{
	if (!run(store, QUARANTINE_PURGE, INTS(query_id, limit), err))
		return false;
	*left = changed_rows(store) == limit;
	if (*left)
		return true;
	if (!run(store, QUARANTINE_FORGET_MATCHES, INTS(query_id, limit), err))
		return false;
	*left = changed_rows(store) == limit;
	return true;
}

bool quarantine_prune_revisions(struct store *store, int64_t before, struct error *err)
{
	return run(store, QUARANTINE_PRUNE_REVISIONS, INTS(before), err);
}
