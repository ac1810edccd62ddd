#include "store/push/notes.h"

#include "base/timestamp.h"
#include "store/internal.h"

enum { MISSES_MAX = 4, FIRST_MISS_S = 120 };

#define SQL_NOTES_MAX "2000"
_Static_assert(NOTES_MAX == 2000, "SQL_NOTES_MAX");

enum note_statement {
	NOTE_INSERT,
	NOTES_DUE,
	NOTE_GET,
	NOTE_DELETE,
	NOTE_MISSED,
	NOTE_FORGET_MISSED,
	NOTE_POSTPONE,
};

static const char *const sql[] = {
    [NOTE_INSERT] =
	"INSERT INTO noted_video (id, how, backfill, noted_at, due_at) SELECT ?1, ?3, ?5, ?4, ?4"
	" WHERE EXISTS (SELECT 1 " FOLLOWERS_OF(
	    "(SELECT id FROM channel WHERE youtube_id = ?2)") ")"
							      " AND (SELECT count(*) FROM noted_video) < " SQL_NOTES_MAX
							      " ON CONFLICT DO NOTHING",
    [NOTES_DUE] = "SELECT id FROM noted_video WHERE due_at <= ?1 OR due_at > ?3 ORDER BY due_at LIMIT ?2",
    [NOTE_GET] = "SELECT how, backfill FROM noted_video WHERE id = ?1",
    [NOTE_DELETE] = "DELETE FROM noted_video WHERE id = ?1",
    [NOTE_MISSED] = "UPDATE noted_video SET tries = tries + 1, due_at = ?2 + ?3 * (1 + 4 * tries * tries) WHERE id = ?1",
    [NOTE_FORGET_MISSED] = "DELETE FROM noted_video WHERE id = ?1 AND tries >= ?2",
    [NOTE_POSTPONE] = "UPDATE noted_video SET due_at = ?2 WHERE id = ?1",
};

const struct statements notes_statements = STATEMENTS(sql);

static bool note(struct store *store, const char *video_id, const char *channel_id, enum found_how how, bool is_backfill,
                 int64_t now, struct error *err)
{
	struct statement *insert = statement_use(store, sql[NOTE_INSERT]);

	bind_text(insert, 1, video_id);
	bind_text(insert, 2, channel_id);
	bind_int(insert, 3, how);
	bind_int(insert, 4, now);
	bind_int(insert, 5, is_backfill);
	return statement_run(insert, err);
}

bool store_push_note(struct store *store, const char *video_id, const char *channel_id, int64_t now, struct error *err)
{
	return note(store, video_id, channel_id, FOUND_PUSH, false, now, err);
}

bool store_feed_note(struct store *store, const char *video_id, const char *channel_id, bool is_backfill, int64_t now,
                     struct error *err)
{
	return note(store, video_id, channel_id, FOUND_RSS, is_backfill, now, err);
}

bool store_notes_due(struct store *store, int64_t now, int64_t limit, struct text_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[NOTES_DUE]);
	AUTO(text_list_clear) struct text_list ids = {0};
	bool row;

	bind_ints(list, INTS(now, limit, now + SECONDS_PER_DAY)); /* nothing is put off so long: the clock was set back */
	for (;;) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			break;
		if (!text_list_add(&ids, column_text(list, 0), err))
			return false;
	}
	*out = ids;
	ids = (struct text_list){0};
	return true;
}

bool store_note_get(struct store *store, const char *id, enum found_how *how, bool *is_backfill, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[NOTE_GET]);
	bool row;

	bind_text(get, 1, id);
	if (!statement_step(get, &row, err))
		return false;
	*how = row ? (enum found_how)column_int(get, 0) : FOUND_PUSH;
	*is_backfill = row && column_int(get, 1) != 0;
	return true;
}

bool store_note_forget(struct store *store, const char *id, struct error *err)
{
	struct statement *delete = statement_use(store, sql[NOTE_DELETE]);

	bind_text(delete, 1, id);
	return statement_run(delete, err);
}

static bool missed(struct store *store, const char *id, int64_t now, struct error *err)
{
	struct statement *miss = statement_use(store, sql[NOTE_MISSED]);

	bind_text(miss, 1, id);
	bind_int(miss, 2, now);
	bind_int(miss, 3, FIRST_MISS_S);
	if (!statement_run(miss, err))
		return false;
	struct statement *forget = statement_use(store, sql[NOTE_FORGET_MISSED]);
	bind_text(forget, 1, id);
	bind_int(forget, 2, MISSES_MAX);
	return statement_run(forget, err);
}

bool store_note_missed(struct store *store, const char *id, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, missed(store, id, now, err), err);
}

static bool postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err)
{
	for (size_t i = 0; i < ids->count; i++) {
		struct statement *statement = statement_use(store, sql[NOTE_POSTPONE]);

		bind_text(statement, 1, ids->items[i]);
		bind_int(statement, 2, until);
		if (!statement_run(statement, err))
			return false;
	}
	return true;
}

bool store_notes_postpone(struct store *store, const struct text_list *ids, int64_t until, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, postpone(store, ids, until, err), err);
}
