#include "store/changes/changes.h"

#include <assert.h>
#include <string.h>

#include "base/timestamp.h"
#include "store/internal.h"
#include "store/video_search.h"

enum { MARK_STEP = 500, FORGET_STEP = 20000 }; /* videos marked, and removed ones forgotten, in a transaction */

enum changes_statement {
	CHANGES_LIST,
	CHANGED_AT,
	CHANGES_STATE,
	NOTE_VIDEO,
	NOTE_FIELD,
	NOTE_MATCH,
	NOTE_MOVED,
	IS_UNSEEN,
	FORGET_LAST,
	MARK_NEXT,
	MARK_QUERY,
	MARK_OF_CHANNEL,
	MARK_OF_QUERY,
	MARK_DONE,
	MARK_END,
	REMOVED_LAST,
	REMOVED_PRUNE,
	REMOVED_FORGET,
};

/* Where a row of the list comes from. */
enum change_source { SOURCE_SHOWN, SOURCE_HIDDEN, SOURCE_GONE };

#define SQL_SHOWN "0"
#define SQL_HIDDEN "1"
#define SQL_GONE "2"
_Static_assert(SOURCE_SHOWN == 0 && SOURCE_HIDDEN == 1 && SOURCE_GONE == 2, "above");

#define SQL_SIGHT_FIELD "0"
#define SQL_CHANNEL_FIELD "5"
#define SQL_QUERIES_FIELD "10"
_Static_assert(CHANGED_SIGHT == 0 && CHANGED_CHANNEL == 5 && CHANGED_QUERIES == 10, "the migrations, and above");

enum { CHANGE_COL_NUMBER, CHANGE_COL_ID, CHANGE_COL_SOURCE, CHANGE_COL_SEQ, CHANGE_COL_RECORDED, CHANGE_COL_FIELDS };

/* Up to ?1, and behind what was forgotten before. */
#define REMOVED_OLD                                                                                                              \
	" WHERE r.changed > (SELECT changes_from FROM meta) AND r.changed <= ?1"                                                 \
	" AND NOT EXISTS (SELECT 1 FROM quarantine o WHERE o.id = r.id)"

static const char *const sql[] = {
    /* ?1 = after, ?2 = after, or where who began with nothing began: what was gone by then they never had. Each half is read in the order
     * of its index, to its own limit: PostgreSQL would sort all of both. */
    [CHANGES_LIST] =
	"SELECT * FROM (SELECT v.changed, v.id, " SQL_SHOWN ", v.seq, v.recorded,"
	" (SELECT coalesce(sum(1 << CAST(f.field AS INTEGER)), 0) FROM video_change f WHERE f.seq = v.seq AND f.changed > ?1)"
	" FROM video v WHERE v.changed > ?1 ORDER BY v.changed LIMIT ?3) shown"
	" UNION ALL SELECT * FROM (SELECT r.changed, r.id,"
	" CASE WHEN EXISTS (SELECT 1 FROM quarantine o WHERE o.id = r.id) THEN " SQL_HIDDEN " ELSE " SQL_GONE " END, 0, 0, 0"
	" FROM removed r WHERE r.changed > ?2 ORDER BY r.changed LIMIT ?3) others ORDER BY 1 LIMIT ?3",
    [CHANGED_AT] = "SELECT coalesce(max(changed), 0) FROM (SELECT recorded / 1048576 AS changed FROM meta"
		   " UNION ALL SELECT max(checked_at) FROM video WHERE checked_at > 0"
		   " UNION ALL SELECT max(gone_at) FROM gone WHERE hidden = 0"
		   " UNION ALL SELECT max(attempted_at) FROM query WHERE origin <> " SQL_VISITOR
		   " UNION ALL SELECT max(scouted_at) FROM query WHERE origin <> " SQL_VISITOR ") changes",
    [CHANGES_STATE] = "SELECT recorded, changes_from FROM meta",
    /* ?3 = the last number given before the transaction. */
    [NOTE_VIDEO] = "UPDATE video SET changed = " SQL_NEXT_RECORDED("?2") " WHERE seq = ?1 AND changed <= ?3",
    [NOTE_FIELD] = "INSERT INTO video_change (seq, field, changed) SELECT seq, ?2, changed FROM video WHERE seq = ?1"
		   " AND recorded <= ?3 ON CONFLICT (seq, field) DO UPDATE SET changed = excluded.changed",
    [NOTE_MATCH] = "SELECT count(*) FROM video v JOIN match m ON m.seq = v.seq JOIN query q ON q.id = m.query"
		   " WHERE v.seq = ?1 AND v.recorded <= ?2 AND m.recorded > ?2 AND " QUERY_IS_PUBLIC,
    /* Of a query that was just removed too: what has moved is no longer marked with its other videos. */
    [NOTE_MOVED] = "SELECT count(*) FROM match m JOIN query q ON q.id = m.query"
		   " WHERE m.query = ?1 AND m.seq = ?2 AND m.recorded <= ?3 AND q.origin <> " SQL_VISITOR,
    [IS_UNSEEN] = "SELECT count(*) FROM video v WHERE v.seq = ?1 AND v.recorded > ?2"
		  " AND NOT EXISTS (SELECT 1 FROM video_change f WHERE f.seq = v.seq AND f.field = " SQL_SIGHT_FIELD ")",
    [FORGET_LAST] = "DELETE FROM removed WHERE changed = (SELECT recorded FROM meta)",
    [MARK_NEXT] = "SELECT field, id, done FROM change_pending ORDER BY field, id LIMIT 1",
    [MARK_QUERY] = "SELECT field, id, done FROM change_pending WHERE field = " SQL_QUERIES_FIELD " AND id = ?1",
    [MARK_OF_CHANNEL] = "SELECT seq FROM video WHERE channel = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    [MARK_OF_QUERY] = "SELECT seq FROM match WHERE query = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    [MARK_DONE] = "UPDATE change_pending SET done = ?3 WHERE field = ?1 AND id = ?2",
    [MARK_END] = "DELETE FROM change_pending WHERE field = ?1 AND id = ?2",
    /* The last one of up to ?2 to forget. That a hidden one is gone has to be told whenever it happens: it is kept, and not looked at again. */
    [REMOVED_LAST] =
	"SELECT coalesce(max(changed), 0) FROM (SELECT r.changed FROM removed r" REMOVED_OLD " ORDER BY r.changed LIMIT ?2) old",
    [REMOVED_PRUNE] = "DELETE FROM removed WHERE changed IN (SELECT r.changed FROM removed r" REMOVED_OLD ")",
    [REMOVED_FORGET] = "UPDATE meta SET changes_from = ?1 WHERE changes_from < ?1",
};

const struct statements changes_statements = STATEMENTS(sql);

const char *change_kind_name(enum change_kind kind)
{
	static const char *const names[CHANGE_KIND_COUNT] = {[CHANGE_ADDED] = "added",
	                                                     [CHANGE_UPDATED] = "updated",
	                                                     [CHANGE_HIDDEN] = "hidden",
	                                                     [CHANGE_BACK] = "back",
	                                                     [CHANGE_GONE] = "gone"};

	return names[kind];
}

int64_t change_at(const struct change *change)
{
	return change->number / RECORDED_PER_SECOND;
}

/* ---- noting ---- */

bool change_note(struct store *store, int64_t seq, unsigned fields, int64_t now, struct error *err)
{
	int64_t before = transaction_recorded(store);

	if (!fields)
		return true;
	if (!statement_run_ints(store, sql[NOTE_VIDEO], INTS(seq, now, before), err))
		return false;
	for (int field = 0; field < CHANGE_FIELD_COUNT; field++)
		if (fields & 1U << field && !statement_run_ints(store, sql[NOTE_FIELD], INTS(seq, field, before), err))
			return false;
	return true;
}

bool change_note_match(struct store *store, int64_t seq, int64_t now, struct error *err)
{
	struct statement *get = statement_use(store, sql[NOTE_MATCH]);
	int64_t matches;

	bind_ints(get, INTS(seq, transaction_recorded(store)));
	return statement_number(get, &matches, err) && (!matches || change_note(store, seq, 1U << CHANGED_QUERIES, now, err));
}

bool change_note_moved(struct store *store, int64_t query_id, int64_t seq, struct error *err)
{
	struct statement *get = statement_use(store, sql[NOTE_MOVED]);
	int64_t matches;

	bind_ints(get, INTS(query_id, seq, transaction_recorded(store)));
	return statement_number(get, &matches, err) && (!matches || change_note(store, seq, 1U << CHANGED_QUERIES, 0, err));
}

bool change_is_unseen(struct store *store, int64_t seq, bool *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[IS_UNSEEN]);
	int64_t unseen;

	bind_ints(get, INTS(seq, transaction_recorded(store)));
	if (!statement_number(get, &unseen, err))
		return false;
	*out = unseen != 0;
	return true;
}

bool change_forget_last(struct store *store, struct error *err)
{
	return statement_run(statement_use(store, sql[FORGET_LAST]), err);
}

/* ---- marking what changed with a channel or a query ---- */

struct pending {
	enum change_field field;
	int64_t id, done; /* id 0 = there is none */
};

/* The row that GET, whose parameters are bound, gives. */
static bool read_pending(struct statement *get, struct pending *out, struct error *err)
{
	AUTO(statement_done) struct statement *ends = get;
	bool row = false;

	*out = (struct pending){0};
	if (!statement_step(get, &row, err))
		return false;
	if (row)
		*out = (struct pending){(enum change_field)column_int(get, 0), column_int(get, 1), column_int(get, 2)};
	return true;
}

static bool read_keys(struct store *store, const struct pending *pending, int64_t limit, int64_t *keys, int64_t *count,
                      struct error *err)
{
	bool of_query = pending->field == CHANGED_QUERIES;
	AUTO(statement_done) struct statement *list = statement_use(store, sql[of_query ? MARK_OF_QUERY : MARK_OF_CHANNEL]);
	bool row = true;

	*count = 0;
	bind_ints(list, INTS(pending->id, pending->done, limit));
	while (row) {
		if (!statement_step(list, &row, err))
			return false;
		if (row)
			keys[(*count)++] = column_int(list, 0);
	}
	return true;
}

static bool mark(struct store *store, const struct pending *pending, int64_t limit, int64_t now, bool *left, struct error *err)
{
	int64_t step = limit < MARK_STEP ? limit : MARK_STEP;
	int64_t keys[MARK_STEP];
	int64_t count;

	if (!read_keys(store, pending, step, keys, &count, err))
		return false;
	public_change(store);
	for (int64_t i = 0; i < count; i++)
		if (!change_note(store, keys[i], 1U << pending->field, now, err))
			return false;
	*left = count == step;
	if (*left)
		return statement_run_ints(store, sql[MARK_DONE], INTS(pending->field, pending->id, keys[count - 1]), err);
	return statement_run_ints(store, sql[MARK_END], INTS(pending->field, pending->id), err);
}

bool change_mark_query(struct store *store, int64_t query_id, int64_t limit, bool *left, struct error *err)
{
	struct statement *get = statement_use(store, sql[MARK_QUERY]);
	struct pending pending;

	*left = false;
	bind_int(get, 1, query_id);
	return read_pending(get, &pending, err) && (!pending.id || mark(store, &pending, limit, 0, left, err));
}

static bool mark_some(struct store *store, int64_t now, bool *left, struct error *err)
{
	struct pending pending;
	bool more;

	if (!read_pending(statement_use(store, sql[MARK_NEXT]), &pending, err))
		return false;
	*left = pending.id != 0;
	return !*left || mark(store, &pending, MARK_STEP, now, &more, err);
}

/* Nearly always there is nothing to mark, and nothing is written. */
static bool any(struct store *store, bool *out, struct error *err)
{
	struct pending pending;

	if (!read_pending(statement_use(store, sql[MARK_NEXT]), &pending, err))
		return false;
	*out = pending.id != 0;
	return true;
}

static bool forget(struct store *store, int64_t last, struct error *err)
{
	return statement_run_ints(store, sql[REMOVED_PRUNE], INTS(last), err) &&
	       statement_run_ints(store, sql[REMOVED_FORGET], INTS(last), err);
}

/* Nearly always there is nothing to forget, and nothing is written. */
static bool prune(struct store *store, int64_t before, struct error *err)
{
	struct statement *find = statement_use(store, sql[REMOVED_LAST]);
	int64_t last;

	bind_ints(find, INTS(before, FORGET_STEP));
	return statement_number(find, &last, err) &&
	       (!last || (transaction_begin(store, err) && transaction_end(store, forget(store, last, err), err)));
}

bool store_changed_at(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[CHANGED_AT]), out, err);
}

bool store_changes_upkeep(struct store *store, int64_t budget, int64_t now, bool *left, struct error *err)
{
	int64_t before = (now - (int64_t)CHANGES_KEPT_DAYS * SECONDS_PER_DAY) * RECORDED_PER_SECOND;

	if (!any(store, left, err))
		return false;
	for (; *left && budget > 0; budget -= MARK_STEP)
		if (!transaction_begin(store, err) || !transaction_end(store, mark_some(store, now, left, err), err))
			return false;
	return prune(store, before, err);
}

/* ---- reading ---- */

void change_page_clear(struct change_page *page)
{
	video_list_clear(&page->videos);
	*page = (struct change_page){0};
}

static enum change_kind kind_of_shown(const struct change_place *place, int64_t number, int64_t recorded, unsigned fields)
{
	if (number <= place->began || recorded > place->after)
		return CHANGE_ADDED;
	return fields & 1U << CHANGED_SIGHT ? CHANGE_BACK : CHANGE_UPDATED;
}

static struct change read_change(const struct change_place *place, struct statement *row)
{
	static const enum change_kind removed[] = {[SOURCE_HIDDEN] = CHANGE_HIDDEN, [SOURCE_GONE] = CHANGE_GONE};
	enum change_source source = (enum change_source)column_int(row, CHANGE_COL_SOURCE);
	struct change change = {.number = column_int(row, CHANGE_COL_NUMBER),
	                        .fields = (unsigned)column_int(row, CHANGE_COL_FIELDS)};

	strncpy(change.id, column_text(row, CHANGE_COL_ID), sizeof(change.id) - 1);
	change.kind = source == SOURCE_SHOWN
	                  ? kind_of_shown(place, change.number, column_int(row, CHANGE_COL_RECORDED), change.fields)
	                  : removed[source];
	return change;
}

/* The changes, and the keys of those videos that are shown. */
static bool read_changes(struct store *store, const struct change_place *place, size_t limit, struct change_page *page,
                         int64_t keys[CHANGES_PAGE_MAX], size_t *key_count, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[CHANGES_LIST]);
	int64_t after_removed = place->began > place->after ? place->began : place->after;
	bool row = false;

	bind_ints(list, INTS(place->after, after_removed, (int64_t)limit + 1));
	for (*key_count = 0;;) {
		if (!statement_step(list, &row, err))
			return false;
		page->more = row && page->count == limit;
		if (!row || page->more)
			return true;
		struct change *change = &page->changes[page->count++];
		*change = read_change(place, list);
		int64_t seq = column_int(list, CHANGE_COL_SEQ);
		change->video = *key_count;
		if (seq)
			keys[(*key_count)++] = seq;
	}
}

/* Where the order ends, and whether PLACE is one that can be gone on from; NULL becomes the beginning, in OUT. */
static bool check_place(struct store *store, const struct change_place *place, struct change_place *out, int64_t *latest,
                        struct error *err)
{
	AUTO(statement_done) struct statement *state = statement_use(store, sql[CHANGES_STATE]);

	if (!statement_row(state, "state", err))
		return false;
	*latest = column_int(state, 0);
	int64_t from = column_int(state, 1);
	*out = place ? *place : (struct change_place){.began = *latest};
	if (out->after > *latest || out->began > *latest)
		return error_set(err, ERR_GONE, "it is ahead of this database, which may have been restored: begin anew");
	return out->after >= from || out->began >= from ||
	       error_set(err, ERR_GONE,
	                 "it is older than %d days or than a restoration of the database, and what went since is no longer "
	                 "known: begin anew",
	                 CHANGES_KEPT_DAYS);
}

static bool read_page(struct store *store, const struct change_place *asked, size_t limit, struct change_page *page,
                      struct error *err)
{
	int64_t keys[CHANGES_PAGE_MAX];
	struct change_place place;
	size_t key_count;

	if (!check_place(store, asked, &place, &page->latest, err) ||
	    !read_changes(store, &place, limit, page, keys, &key_count, err) ||
	    (key_count && !store_videos_by_keys(store, keys, key_count, &page->videos, err)))
		return false;
	page->next = place;
	page->next.after = page->more ? page->changes[page->count - 1].number : page->latest;
	if (page->next.after >= place.began)
		page->next.began = 0;
	return page->videos.count == key_count || error_set(err, ERR_INTERNAL, "the database: a changed video is missing");
}

bool store_changes_page(struct store *store, const struct change_place *place, size_t limit, struct change_page *out,
                        struct error *err)
{
	AUTO(change_page_clear) struct change_page page = {0};

	assert(limit > 0 && limit <= CHANGES_PAGE_MAX);
	if (!store_read_begin(store, err))
		return false;
	bool done = read_page(store, place, limit, &page, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = page;
	page = (struct change_page){0};
	return true;
}
