/* Saving a video: its place in the table, its text in the search index, what it was before. */
#include "store/videos.h"

#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "store/alerts/outbox.h"
#include "store/changes/changes.h"
#include "store/internal.h"
#include "store/video_content.h"

enum {
	SPILL_MAX_S = 24 * 3600, /* a full second's videos are put this far off at most */
};

enum save_statement {
	VIDEO_LOAD,
	HIDDEN_LOAD,
	ELSEWHERE,
	VIDEO_LAST_OF_SECOND,
	VIDEO_INSERT,
	VIDEO_UPDATE,
	VIDEO_SEEN,
	VIDEO_CHECKED,
	VIDEO_DELETE,
	REVISION_INSERT,
	VIDEO_FIND,
	GONE_GET,
	GONE_DELETE,
};

/* Of VIDEO_LOAD, behind the columns of every video. */
enum { LOAD_COL_CHANNEL = VIDEO_COLUMN_COUNT };

static const char *const sql[] = {
    [VIDEO_LOAD] = "SELECT " VIDEO_COLUMNS ", v.channel" VIDEO_TABLES "WHERE v.id = ?1",
    [HIDDEN_LOAD] = QUARANTINE_LOAD "WHERE v.id = ?1",
    [ELSEWHERE] = "SELECT EXISTS (SELECT 1 FROM visitor_video WHERE id = ?1),"
		  " coalesce((SELECT number FROM quarantine WHERE id = ?1), 0), EXISTS (SELECT 1 FROM gone WHERE id = ?1)",
    [VIDEO_LAST_OF_SECOND] =
	"SELECT coalesce(max(seq), ?1 - 1) FROM (SELECT max(seq) AS seq FROM video WHERE seq BETWEEN ?1 AND ?2"
	" UNION ALL SELECT max(seq) FROM visitor_video WHERE seq BETWEEN ?1 AND ?2) taken",
    [VIDEO_INSERT] =
	"INSERT INTO video (seq, id, channel, published_at, title, description, description_cut, thumbnail_url, thumbnails,"
	" kind, duration_s, views, likes, comments, scheduled_at, first_seen_at, published_unknown, tags, category, language,"
	" audio_language, definition, caption, licence, started_at, ended_at, fetched_at, checked_at, recheck_at, recorded,"
	" changed, recount_at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,"
	" ?24, ?25, ?26, ?27, ?28, ?29, CASE WHEN ?30 > 0 THEN ?30 ELSE " SQL_NEXT_RECORDED("?27") " END, " SQL_NEXT_RECORDED(
	    "?27") ", ?31)",
    [VIDEO_UPDATE] =
	"UPDATE video SET seq = ?1, channel = ?3, published_at = ?4, title = ?5, description = ?6, description_cut = ?7,"
	" thumbnail_url = ?8, thumbnails = ?9, kind = ?10, duration_s = ?11, views = ?12, likes = ?13, comments = ?14,"
	" scheduled_at = ?15, first_seen_at = ?16, published_unknown = ?17, tags = ?18, category = ?19, language = ?20,"
	" audio_language = ?21, definition = ?22, caption = ?23, licence = ?24, started_at = ?25, ended_at = ?26 WHERE id = ?2",
    [VIDEO_SEEN] = "UPDATE video SET fetched_at = ?2 WHERE seq = ?1",
    [VIDEO_CHECKED] =
	"UPDATE video SET fetched_at = ?2, checked_at = CASE WHEN checked_at > ?2 THEN checked_at ELSE ?2 END,"
	" missing_at = 0, recount_at = ?4,"
	" recheck_at = CASE WHEN ?3 = 0 AND recheck_at > ?2 AND missing_at = 0 THEN recheck_at ELSE ?3 END WHERE seq = ?1",
    [VIDEO_DELETE] = "DELETE FROM video WHERE seq = ?1",
    [REVISION_INSERT] = "INSERT INTO revision (seq, replaced_at, title, description, thumbnail_url, views, likes, comments)"
			" SELECT seq, ?2, title, description, thumbnail_url, views, likes, comments FROM video WHERE seq = ?1",
    [VIDEO_FIND] = "SELECT seq FROM video WHERE id = ?1",
    [GONE_GET] = "SELECT first_seen_at, recorded FROM gone WHERE id = ?1",
    [GONE_DELETE] = "DELETE FROM gone WHERE id = ?1",
};

const struct statements video_save_statements = STATEMENTS(sql);

bool video_delete(struct store *store, int64_t seq, struct error *err)
{
	public_change(store);
	return index_delete(store, seq, err) && statement_run_ints(store, sql[VIDEO_DELETE], INTS(seq), err);
}

/* ---- the place in the table ---- */

/* The last key taken in the second of TIME, or the one before its first. */
static bool last_of_second(struct store *store, int64_t time, int64_t *seq, struct error *err)
{
	struct statement *get = statement_use(store, sql[VIDEO_LAST_OF_SECOND]);
	int64_t first = time * SEQ_PER_SECOND;

	bind_ints(get, INTS(first, first + SEQ_PER_SECOND - 1));
	return statement_number(get, seq, err);
}

bool video_free_seq(struct store *store, int64_t time, int64_t *out, struct error *err)
{
	for (int64_t distance = 0; distance <= SPILL_MAX_S; distance++) {
		for (int side = 0; side < (distance ? 2 : 1); side++) {
			int64_t second = side ? time - distance : time + distance;
			int64_t last;

			if (second < 0)
				continue;
			if (!last_of_second(store, second, &last, err))
				return false;
			if (last + 1 < (second + 1) * SEQ_PER_SECOND) {
				*out = last + 1;
				return true;
			}
		}
	}
	return error_set(err, ERR_INTERNAL, "no room near the time of publication");
}

/* ---- saving ---- */

/* The row that is there already. */
struct stored {
	struct video video;
	int64_t channel;
};

static void stored_clear(struct stored *stored)
{
	video_clear(&stored->video);
}

static bool load_from(struct store *store, enum save_statement which, const char *id, bool *found, struct stored *out,
                      struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[which]);

	bind_text(get, 1, id);
	if (!statement_step(get, found, err))
		return false;
	if (!*found)
		return true;
	out->channel = column_int(get, LOAD_COL_CHANNEL);
	return video_read(get, &out->video, err);
}

static bool load(struct store *store, const char *id, bool *found, struct stored *out, struct error *err)
{
	return load_from(store, VIDEO_LOAD, id, found, out, err);
}

/* Where a video is that is not among the public ones. */
struct elsewhere {
	bool visitors;  /* only visitors' requests had found it */
	int64_t number; /* in quarantine, 0 = it is not */
	bool gone;
};

static bool find_elsewhere(struct store *store, const char *id, struct elsewhere *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[ELSEWHERE]);

	bind_text(get, 1, id);
	if (!statement_row(get, "answer", err))
		return false;
	*out = (struct elsewhere){column_int(get, 0) != 0, column_int(get, 1), column_int(get, 2) != 0};
	return true;
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static void bind_details(struct statement *statement, const struct video_details *details)
{
	bind_text(statement, 18, details->tags);
	bind_int_or_null(statement, 19, details->category, 0);
	bind_text(statement, 20, or_null(details->language));
	bind_text(statement, 21, or_null(details->audio_language));
	bind_int_or_null(statement, 22, details->definition, VIDEO_DEFINITION_UNKNOWN);
	bind_int_or_null(statement, 23, details->caption, VIDEO_CAPTION_UNKNOWN);
	bind_int_or_null(statement, 24, details->licence, VIDEO_LICENCE_UNKNOWN);
	bind_int_or_null(statement, 25, details->started_at, 0);
	bind_int_or_null(statement, 26, details->ended_at, 0);
}

void video_bind(struct statement *statement, const struct video *video, int64_t seq, int64_t channel)
{
	bind_int(statement, 1, seq);
	bind_text(statement, 2, video->id);
	bind_int_or_null(statement, 3, channel, 0);
	bind_int(statement, 4, video->published_at);
	bind_text(statement, 5, video->title);
	bind_text(statement, 6, video->description);
	bind_int(statement, 7, video->description_cut);
	bind_text(statement, 8, video->thumbnail_url);
	bind_text(statement, 9, video->thumbnails);
	bind_int(statement, 10, video->kind);
	bind_int_or_null(statement, 11, video->duration_s, VIDEO_UNKNOWN);
	bind_int_or_null(statement, 12, video->views, VIDEO_UNKNOWN);
	bind_int_or_null(statement, 13, video->likes, VIDEO_UNKNOWN);
	bind_int_or_null(statement, 14, video->comments, VIDEO_UNKNOWN);
	bind_int(statement, 15, video->scheduled_at);
	bind_int(statement, 16, video->first_seen_at);
	bind_int(statement, 17, video->published_unknown);
	bind_details(statement, &video->details);
}

static bool insert(struct store *store, struct video *video, enum video_source source, int64_t channel, int64_t now,
                   struct error *err)
{
	bool checked = source == SOURCE_DETAILS;

	if (!video_free_seq(store, video->published_at, &video->seq, err))
		return false;
	struct statement *statement = statement_use(store, sql[VIDEO_INSERT]);
	video_bind(statement, video, video->seq, channel);
	bind_int(statement, 27, now);
	bind_int(statement, 28, checked ? now : 0);
	bind_int(statement, 29, checked ? video_recheck_at(video, true, now) : 0);
	bind_int(statement, 30, video->recorded);
	bind_int(statement, 31, checked ? video_recount_at(video, now) : 0);
	public_change(store);
	return statement_run(statement, err) && index_insert_new(store, video->seq, err);
}

/* The order matters: the full-text entry goes with the old text under the old key, then the row changes and its matches follow by
 * cascade, then the new entry comes. Anything else leaves phantoms in the index. */
static bool update(struct store *store, const struct stored *old, struct video *video, int64_t channel, unsigned fields,
                   int64_t now, struct error *err)
{
	const unsigned texts = 1U << CHANGED_TITLE | 1U << CHANGED_DESCRIPTION | 1U << CHANGED_CHANNEL;

	if (video->published_at != old->video.published_at && !video_free_seq(store, video->published_at, &video->seq, err))
		return false;
	bool index = video->seq != old->video.seq || fields & texts;
	if (index && !index_delete(store, old->video.seq, err))
		return false;
	struct statement *statement = statement_use(store, sql[VIDEO_UPDATE]);
	video_bind(statement, video, video->seq, channel);
	public_change(store);
	return statement_run(statement, err) && (!index || index_insert(store, video->seq, err)) &&
	       change_note(store, video->seq, fields, now, err);
}

static bool keep_revision(struct store *store, const struct stored *old, const struct video *video, int64_t now,
                          struct error *err)
{
	if (!video_is_revision(&old->video, video))
		return true;
	return statement_run_ints(store, sql[REVISION_INSERT], INTS(old->video.seq, now), err);
}

static bool note_seen(struct store *store, const struct video *video, bool first, enum video_source source, int64_t now,
                      struct error *err)
{
	if (source != SOURCE_DETAILS)
		return statement_run_ints(store, sql[VIDEO_SEEN], INTS(video->seq, now), err);
	public_change(store); /* readers see when its counts were read, the same or not */
	return statement_run_ints(store, sql[VIDEO_CHECKED],
	                          INTS(video->seq, now, video_recheck_at(video, first, now), video_recount_at(video, now)), err);
}

/* Brings the stored row up to date with FRESH. */
static bool merge(struct store *store, const struct stored *old, struct video *fresh, enum video_source source, int64_t channel,
                  int64_t now, enum video_saved *saved, struct error *err)
{
	/* What videos.list gave is better than anything else. */
	bool has_better = old->video.checked_at && source != SOURCE_DETAILS;

	channel = channel && (!has_better || !old->channel) ? channel : old->channel;
	if (fresh->first_seen_at > old->video.first_seen_at || source != SOURCE_IMPORT)
		fresh->first_seen_at = old->video.first_seen_at;
	if (!(source == SOURCE_IMPORT || has_better ? video_prefer_stored(fresh, &old->video, err)
	                                            : video_fill_from_stored(fresh, &old->video, err)))
		return false;
	unsigned fields = video_differences(fresh, &old->video) | (unsigned)(channel != old->channel) << CHANGED_CHANNEL;
	bool same = video_same_content(fresh, &old->video) && channel == old->channel;
	*saved = same ? VIDEO_SAME : VIDEO_CHANGED;
	fresh->seq = old->video.seq;
	if (!same && (!keep_revision(store, old, fresh, now, err) || !update(store, old, fresh, channel, fields, now, err)))
		return false;
	return note_seen(store, fresh, old->video.checked_at == 0, source, now, err);
}

/* A video that had gone is back, first seen when it was. */
static bool come_back(struct store *store, struct video *fresh, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[GONE_GET]);

	bind_text(get, 1, fresh->id);
	if (!statement_row(get, "such video", err))
		return false;
	fresh->first_seen_at = column_int(get, 0);
	fresh->recorded = column_int(get, 1);
	struct statement *forget = statement_use(store, sql[GONE_DELETE]);
	bind_text(forget, 1, fresh->id);
	return statement_run(forget, err);
}

/* One that had gone is left alone, unless it is videos.list that gives it. */
static bool add(struct store *store, struct video *fresh, bool gone, enum video_source source, int64_t now,
                enum video_saved *saved, struct error *err)
{
	int64_t channel;
	bool stays_gone = gone && source != SOURCE_DETAILS;

	if (gone && !stays_gone && !come_back(store, fresh, err))
		return false;
	*saved = stays_gone ? VIDEO_WAS_GONE : VIDEO_ADDED;
	if (stays_gone)
		return true;
	unsigned reasons;
	if (!channel_save(store, fresh, source == SOURCE_DETAILS, &channel, err) ||
	    !hidden_wanted(store, fresh->id, fresh->channel_id, &reasons, err))
		return false;
	if (!reasons)
		return insert(store, fresh, source, channel, now, err);
	*saved = VIDEO_HIDDEN;
	return quarantine_insert(store, fresh, reasons, channel, source == SOURCE_DETAILS, now, err);
}

/* The row of a video; one that only visitors' requests had found becomes public. ELSEWHERE is filled if it was not public before. */
static bool load_or_publish(struct store *store, const char *id, int64_t now, bool *known, struct stored *out,
                            struct elsewhere *elsewhere, struct error *err)
{
	bool published;

	if (!load(store, id, known, out, err))
		return false;
	if (*known)
		return true;
	if (!find_elsewhere(store, id, elsewhere, err))
		return false;
	if (!elsewhere->visitors)
		return true;
	return visitors_publish(store, id, now, &published, err) && load(store, id, known, out, err) &&
	       (*known || find_elsewhere(store, id, elsewhere, err));
}

/* Where the video is now that rules have been applied to it: one that was hidden is shown, or the other way round. */
static bool find_again(struct store *store, struct video *fresh, enum video_saved *saved, struct error *err)
{
	struct statement *find = statement_use(store, sql[VIDEO_FIND]);

	bind_text(find, 1, fresh->id);
	if (!statement_number(find, &fresh->seq, err))
		return false;
	if (!fresh->seq)
		*saved = VIDEO_HIDDEN;
	else if (*saved == VIDEO_HIDDEN)
		*saved = VIDEO_CHANGED;
	return true;
}

/* Content in quarantine is brought up to date by videos.list, and by nothing else. Then the video is shown, unless there are other reasons. */
static bool save_hidden(struct store *store, struct video *fresh, int64_t number, enum video_source source, int64_t now,
                        enum video_saved *saved, struct error *err)
{
	AUTO(stored_clear) struct stored old = {0};
	int64_t channel;
	bool known;

	*saved = VIDEO_HIDDEN;
	if (source != SOURCE_DETAILS)
		return true;
	if (!load_from(store, HIDDEN_LOAD, fresh->id, &known, &old, err))
		return false;
	if (!known)
		return error_set(err, ERR_INTERNAL, "no hidden video '%s'", fresh->id);
	if (!channel_save(store, fresh, true, &channel, err) || !video_fill_from_stored(fresh, &old.video, err))
		return false;
	channel = channel ? channel : old.channel;
	fresh->first_seen_at = old.video.first_seen_at;
	bool same = video_same_content(fresh, &old.video) && channel == old.channel;
	if (!quarantine_update(store, number, fresh, channel, video_is_revision(&old.video, fresh), old.video.checked_at == 0,
	                       now, err) ||
	    !hidden_settle(store, fresh->id, err))
		return false;
	stored_clear(&old);
	if (!load(store, fresh->id, &known, &old, err))
		return false;
	fresh->seq = known ? old.video.seq : 0;
	if (known)
		*saved = same ? VIDEO_SAME : VIDEO_CHANGED;
	return true;
}

static bool save(struct store *store, struct video *fresh, enum video_source source, int64_t now, enum video_saved *saved,
                 struct error *err)
{
	AUTO(stored_clear) struct stored old = {0};
	struct elsewhere elsewhere = {0};
	int64_t channel;
	bool known;

	if (!load_or_publish(store, fresh->id, now, &known, &old, &elsewhere, err))
		return false;
	if (!known && elsewhere.number)
		return save_hidden(store, fresh, elsewhere.number, source, now, saved, err);
	if (!known)
		return add(store, fresh, elsewhere.gone, source, now, saved, err);
	if (!channel_save(store, fresh, source == SOURCE_DETAILS, &channel, err) ||
	    !merge(store, &old, fresh, source, channel, now, saved, err))
		return false;
	/* With another text, length, kind or channel, other rules may hold. */
	if (*saved == VIDEO_CHANGED && (!hidden_settle(store, fresh->id, err) || !find_again(store, fresh, saved, err)))
		return false;
	*saved = elsewhere.visitors && *saved != VIDEO_HIDDEN ? VIDEO_ADDED : *saved;
	return true;
}

/* What videos.list tells of what only visitors' requests found goes where that lies. */
static bool save_details(struct store *store, struct video *fresh, const struct video *told, int64_t now, enum video_saved *saved,
                         struct error *err)
{
	bool visitors, backfill;
	int64_t recorded;

	if (!visitors_own(store, fresh->id, &visitors, err))
		return false;
	*saved = VIDEO_SAME;
	if (visitors)
		return visitors_save_details(store, fresh, now, err);
	return lookup_is_backfill(store, fresh->id, &backfill, err) && store_recorded_last(store, &recorded, err) &&
	       save(store, fresh, SOURCE_DETAILS, now, saved, err) && lookup_found(store, fresh->id, now, err) &&
	       (!backfill || store_backfill_note(store, recorded, err)) && find_again(store, fresh, saved, err) &&
	       (*saved == VIDEO_HIDDEN ? statistics_add_hidden(store, told, now, err)
	                               : statistics_add(store, fresh->seq, told, now, err));
}

bool store_video_save(struct store *store, const struct video *video, enum video_source source, int64_t now,
                      enum video_saved *saved, int64_t *seq, struct error *err)
{
	AUTO(video_clear) struct video fresh = {0};

	if (!video_clean(video, now, &fresh, err) || !transaction_begin(store, err))
		return false;
	bool done = source == SOURCE_DETAILS ? save_details(store, &fresh, video, now, saved, err)
	                                     : save(store, &fresh, source, now, saved, err);
	if (done && seq)
		*seq = fresh.seq;
	return transaction_end(store, done, err);
}
