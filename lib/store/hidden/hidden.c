#include "store/hidden/hidden.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "store/internal.h"
#include "store/videos.h"

enum hidden_statement {
	VIDEO_HIDE,
	VIDEO_UNHIDE,
	VIDEO_LIST,
	VIDEO_ONE,
	VIDEO_COUNT,
	VIDEO_LOAD_HIDDEN,
	VIDEO_FOUND_HIDDEN,
	CHANNEL_MUTE,
	CHANNEL_UNMUTE,
	CHANNEL_UNMUTED,
	CHANNEL_LIST,
	CHANNEL_ONE,
	CHANNEL_COUNT,
	WORK_MUTED,
	WORK_UNMUTED,
	WORK_QUERY,
	WORK_JUDGE_SHOWN,
	WORK_JUDGE_HIDDEN,
	WORK_JUDGED_SHOWN,
	WORK_JUDGED_HIDDEN,
};

_Static_assert(HIDDEN_OVERDUE == 1 && HIDDEN_CHANNEL == 4, "the texts below");

#define VIDEO_ROW_SQL                                                                                                            \
	"SELECT h.id, coalesce(v.title, o.title), h.hidden_at, 0, 0 FROM hidden_video h LEFT JOIN video v ON v.id = h.id"        \
	" LEFT JOIN quarantine o ON o.id = h.id"
#define CHANNEL_ROW_SQL                                                                                                          \
	"SELECT m.id, c.title, m.muted_at, (SELECT count(*) FROM quarantine o WHERE o.channel = c.id), coalesce(c.videos, 0)"    \
	" FROM muted_channel m LEFT JOIN channel c ON c.youtube_id = m.id"

#define CHANNELS_THAT(end) "SELECT c.id FROM muted_channel m JOIN channel c ON c.youtube_id = m.id WHERE m.ends = " end

static const char *const sql[] = {
    [VIDEO_HIDE] = "INSERT INTO hidden_video (id, hidden_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    [VIDEO_UNHIDE] = "DELETE FROM hidden_video WHERE id = ?1",
    [VIDEO_LIST] = VIDEO_ROW_SQL " ORDER BY h.hidden_at DESC, h.id LIMIT ?1 OFFSET ?2",
    [VIDEO_ONE] = VIDEO_ROW_SQL " WHERE h.id = ?1",
    [VIDEO_COUNT] = "SELECT count(*) FROM hidden_video",
    [VIDEO_LOAD_HIDDEN] = QUARANTINE_LOAD "WHERE v.id = ?1 AND v.reasons & 1 = 0",
    [VIDEO_FOUND_HIDDEN] = "SELECT m.query, q.text, m.how, m.found_at FROM quarantine_match m JOIN query q ON q.id = m.query"
			   " WHERE m.number = ?1 AND " QUERY_IS_PUBLIC " ORDER BY m.query",
    [CHANNEL_MUTE] = "INSERT INTO muted_channel (id, muted_at) VALUES (?1, ?2)"
		     " ON CONFLICT (id) DO UPDATE SET ends = 0, muted_at = excluded.muted_at WHERE muted_channel.ends = 1",
    [CHANNEL_UNMUTE] = "UPDATE muted_channel SET ends = 1 WHERE id = ?1 AND ends = 0",
    [CHANNEL_UNMUTED] = "DELETE FROM muted_channel WHERE ends = 1",
    [CHANNEL_LIST] = CHANNEL_ROW_SQL " WHERE m.ends = 0 ORDER BY m.muted_at DESC, m.id LIMIT ?1 OFFSET ?2",
    [CHANNEL_ONE] = CHANNEL_ROW_SQL " WHERE m.ends = 0 AND m.id = ?1",
    [CHANNEL_COUNT] = "SELECT count(*) FROM muted_channel WHERE ends = 0",
    [WORK_MUTED] = "SELECT id FROM video WHERE channel IN (" CHANNELS_THAT("0") ") LIMIT ?1",
    [WORK_UNMUTED] = "SELECT id FROM quarantine WHERE channel IN (" CHANNELS_THAT("1") ") AND reasons & 4 <> 0 LIMIT ?1",
    [WORK_QUERY] = "SELECT id, judge_seq, judge_number FROM query WHERE judge_seq > 0 OR judge_number > 0 ORDER BY id LIMIT 1",
    [WORK_JUDGE_SHOWN] = "SELECT v.id, v.seq FROM (SELECT seq FROM (SELECT seq FROM match WHERE query = ?2 AND seq < ?3 ORDER BY "
			 "seq DESC LIMIT ?1)"
			 " shown UNION ALL SELECT seq FROM"
			 " (SELECT seq FROM hidden_match WHERE query = ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?1) hidden) m"
			 " JOIN video v ON v.seq = m.seq ORDER BY v.seq DESC LIMIT ?1",
    [WORK_JUDGE_HIDDEN] = "SELECT o.id, o.number FROM (SELECT number FROM quarantine_match WHERE query = ?2 AND number < ?3"
			  " ORDER BY number DESC LIMIT ?1) m JOIN quarantine o ON o.number = m.number ORDER BY o.number DESC",
    [WORK_JUDGED_SHOWN] = "UPDATE query SET judge_seq = ?2 WHERE id = ?1",
    [WORK_JUDGED_HIDDEN] = "UPDATE query SET judge_number = ?2 WHERE id = ?1",
};

const struct statements hidden_statements = STATEMENTS(sql);

/* ---- the owner's word ---- */

/* Runs WHICH on ID, at NOW (0 = it takes none). */
static bool change(struct store *store, enum hidden_statement which, const char *id, int64_t now, bool *changed,
                   struct error *err)
{
	struct statement *statement = statement_use(store, sql[which]);

	bind_text(statement, 1, id);
	if (now)
		bind_int(statement, 2, now);
	if (!statement_run(statement, err))
		return false;
	*changed = changed_rows(store) > 0;
	return true;
}

static bool change_video(struct store *store, enum hidden_statement which, const char *id, int64_t now, bool *changed,
                         struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, change(store, which, id, now, changed, err) && hidden_settle(store, id, err), err);
}

bool store_video_hide(struct store *store, const char *id, int64_t now, bool *changed, struct error *err)
{
	return change_video(store, VIDEO_HIDE, id, now, changed, err);
}

bool store_video_unhide(struct store *store, const char *id, bool *changed, struct error *err)
{
	return change_video(store, VIDEO_UNHIDE, id, 0, changed, err);
}

static bool change_channel(struct store *store, enum hidden_statement which, const char *id, int64_t now, bool *changed,
                           struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, change(store, which, id, now, changed, err), err);
}

bool store_channel_mute(struct store *store, const char *id, int64_t now, bool *changed, struct error *err)
{
	return change_channel(store, CHANNEL_MUTE, id, now, changed, err);
}

bool store_channel_unmute(struct store *store, const char *id, bool *changed, struct error *err)
{
	return change_channel(store, CHANNEL_UNMUTE, id, 0, changed, err);
}

/* ---- lists ---- */

static const struct {
	enum hidden_statement list, one, count;
	const char *what;
} item_lists[] = {
    [HIDDEN_VIDEOS] = {VIDEO_LIST, VIDEO_ONE, VIDEO_COUNT, "hidden video with this id"},
    [MUTED_CHANNELS] = {CHANNEL_LIST, CHANNEL_ONE, CHANNEL_COUNT, "muted channel with this id"},
};

void hidden_item_clear(struct hidden_item *item)
{
	free(item->title);
	*item = (struct hidden_item){0};
}

void hidden_items_clear(struct hidden_items *list)
{
	for (size_t i = 0; i < list->count; i++)
		hidden_item_clear(&list->items[i]);
	free(list->items);
	*list = (struct hidden_items){0};
}

static bool read_item(struct statement *row, struct hidden_item *out, struct error *err)
{
	*out = (struct hidden_item){.at = column_int(row, 2), .hidden = column_int(row, 3), .left = column_int(row, 4)};
	strncpy(out->id, column_text(row, 0), sizeof(out->id) - 1);
	return column_copy(row, 1, &out->title, err);
}

bool store_hidden_list(struct store *store, enum hidden_list which, int64_t page_number, int64_t page_size,
                       struct hidden_items *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[item_lists[which].list]);
	AUTO(hidden_items_clear) struct hidden_items found = {0};
	bool row = false;

	if (!statement_number(statement_use(store, sql[item_lists[which].count]), &found.all, err))
		return false;
	bind_ints(list, INTS(page_size, (page_number - 1) * page_size));
	for (;;) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			break;
		if (!list_grow(&found.items, found.count, sizeof(*found.items)))
			return error_no_memory(err);
		if (!read_item(list, &found.items[found.count++], err))
			return false;
	}
	*out = found;
	found = (struct hidden_items){0};
	return true;
}

bool store_hidden_get(struct store *store, enum hidden_list which, const char *id, struct hidden_item *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[item_lists[which].one]);

	bind_text(get, 1, id);
	return statement_row(get, item_lists[which].what, err) && read_item(get, out, err);
}

/* ---- one hidden video ---- */

/* What QUARANTINE_LOAD has behind the columns of every video. */
enum { LOAD_COL_REASONS = VIDEO_COLUMN_COUNT + 1 };

static bool read_found(struct store *store, struct video *video, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[VIDEO_FOUND_HIDDEN]);
	bool row = false;

	bind_int(list, 1, video->seq);
	for (;;) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			return true;
		if (!video_add_found(video, list, 0, err))
			return false;
	}
}

bool store_video_get_hidden(struct store *store, const char *id, struct video *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[VIDEO_LOAD_HIDDEN]);
	AUTO(video_clear) struct video video = {0};

	bind_text(get, 1, id);
	if (!statement_row(get, "such video", err) || !video_read(get, &video, err))
		return false;
	video.hidden = (unsigned)column_int(get, LOAD_COL_REASONS);
	if (!read_found(store, &video, err))
		return false;
	*out = video;
	video = (struct video){0};
	return true;
}

bool store_video_get_for(struct store *store, const char *id, bool owner, struct video *out, struct error *err)
{
	return store_video_get(store, id, out, err) ||
	       (owner && err->code == ERR_NOT_FOUND && store_video_get_hidden(store, id, out, err));
}

/* ---- step by step ---- */

/* Ids of videos to settle, and the key or number of the last one. */
struct ids {
	char items[HIDDEN_STEP][VIDEO_ID_SIZE];
	int64_t count;
	int64_t last;
};

/* Reads them from LIST, whose parameters are bound. */
static bool read_ids(struct statement *list, bool with_key, struct ids *out, struct error *err)
{
	AUTO(statement_done) struct statement *ends = list;
	bool row = false;

	for (out->count = 0; out->count < HIDDEN_STEP; out->count++) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			return true;
		memset(out->items[out->count], 0, VIDEO_ID_SIZE);
		strncpy(out->items[out->count], column_text(list, 0), VIDEO_ID_SIZE - 1);
		out->last = with_key ? column_int(list, 1) : 0;
	}
	return true;
}

static bool settle_all(struct store *store, const struct ids *ids, struct error *err)
{
	for (int64_t i = 0; i < ids->count; i++)
		if (!hidden_settle(store, ids->items[i], err))
			return false;
	return true;
}

/* The first query with matches to judge; 0 = none. */
static bool read_query(struct store *store, int64_t *id, int64_t *judge_seq, int64_t *judge_number, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[WORK_QUERY]);
	bool row = false;

	if (!statement_step(get, &row, err))
		return false;
	*id = row ? column_int(get, 0) : 0;
	*judge_seq = row ? column_int(get, 1) : 0;
	*judge_number = row ? column_int(get, 2) : 0;
	return true;
}

/* Hidden ones first: they do not become more by those that were shown, for these have been judged then. */
static bool judge_some(struct store *store, int64_t limit, int64_t *done, struct error *err)
{
	struct ids ids = {0};
	int64_t id, judge_seq, judge_number;

	*done = 0;
	if (!read_query(store, &id, &judge_seq, &judge_number, err))
		return false;
	if (!id)
		return true;
	bool hidden = judge_number > 0;
	struct statement *list = statement_use(store, sql[hidden ? WORK_JUDGE_HIDDEN : WORK_JUDGE_SHOWN]);
	bind_ints(list, INTS(limit, id, hidden ? judge_number : judge_seq));
	if (!read_ids(list, true, &ids, err) || !settle_all(store, &ids, err))
		return false;
	*done = ids.count ? ids.count : 1;
	return statement_run_ints(store, sql[hidden ? WORK_JUDGED_HIDDEN : WORK_JUDGED_SHOWN],
	                          INTS(id, ids.count == limit ? ids.last : 0), err);
}

static bool settle_channels(struct store *store, enum hidden_statement which, int64_t limit, int64_t *done, struct error *err)
{
	struct ids ids = {0};
	struct statement *list = statement_use(store, sql[which]);

	bind_int(list, 1, limit);
	if (!read_ids(list, false, &ids, err) || !settle_all(store, &ids, err))
		return false;
	*done = ids.count;
	return true;
}

static bool work(struct store *store, int64_t limit, bool *left, struct error *err)
{
	int64_t done = 0;

	*left = true;
	if (!settle_channels(store, WORK_MUTED, limit, &done, err) || done)
		return done > 0;
	if (!settle_channels(store, WORK_UNMUTED, limit, &done, err) || done)
		return done > 0;
	if (!statement_run(statement_use(store, sql[CHANNEL_UNMUTED]), err) || !judge_some(store, limit, &done, err))
		return false;
	*left = done > 0;
	return true;
}

/* Whether there is anything to do: nearly always not, and that shall write nothing. */
static bool any_work(struct store *store, bool *out, struct error *err)
{
	static const enum hidden_statement lists[] = {WORK_MUTED, WORK_UNMUTED};
	int64_t id, judge_seq, judge_number;

	if (!read_query(store, &id, &judge_seq, &judge_number, err))
		return false;
	*out = id != 0;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && !*out; i++) {
		struct ids ids = {0};
		struct statement *list = statement_use(store, sql[lists[i]]);

		bind_int(list, 1, 1);
		if (!read_ids(list, false, &ids, err))
			return false;
		*out = ids.count > 0;
	}
	return true;
}

bool store_hidden_work(struct store *store, int64_t limit, bool *left, struct error *err)
{
	int64_t step = limit < HIDDEN_STEP ? limit : HIDDEN_STEP;

	if (!any_work(store, left, err))
		return false;
	return !*left || (transaction_begin(store, err) && transaction_end(store, work(store, step, left, err), err));
}
