/* Saving a video: its place in the table, its text in the full-text index, what it was before. */
#include "store/videos.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "store/lookups.h"
#include "store/channels.h"
#include "store/quarantine.h"
#include "store/videos_internal.h"

enum {
	SPILL_MAX_S = 24 * 3600, /* a full second's videos are put this far off at most */
};

enum save_statement {
	VIDEO_LOAD,
	VIDEO_LAST_OF_SECOND,
	VIDEO_INSERT,
	VIDEO_UPDATE,
	VIDEO_SEEN,
	VIDEO_DELETE,
	REVISION_INSERT,
	GONE_GET,
	GONE_DELETE,
};

static const char *const sql[] = {
    [VIDEO_LOAD] = "SELECT " VIDEO_COLUMNS ", v.channel, v.checked_at" VIDEO_TABLES "WHERE v.id = ?1",
    [VIDEO_LAST_OF_SECOND] = "SELECT seq FROM video WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq DESC LIMIT 1",
    [VIDEO_INSERT] =
	"INSERT INTO video (seq, id, channel, published_at, title, description, description_cut, thumbnail_url, thumbnails,"
	" kind, duration_s, views, likes, comments, scheduled_at, first_seen_at, fetched_at, checked_at, recheck_at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    [VIDEO_UPDATE] =
	"UPDATE video SET seq = ?1, channel = ?3, published_at = ?4, title = ?5, description = ?6, description_cut = ?7,"
	" thumbnail_url = ?8, thumbnails = ?9, kind = ?10, duration_s = ?11, views = ?12, likes = ?13, comments = ?14,"
	" scheduled_at = ?15, first_seen_at = ?16 WHERE id = ?2",
    [VIDEO_SEEN] = "UPDATE video SET fetched_at = ?2, checked_at = max(checked_at, ?3), missing_at = iif(?3, 0, missing_at),"
		   " recheck_at = iif(?3, ?4, recheck_at) WHERE seq = ?1",
    [VIDEO_DELETE] = "DELETE FROM video WHERE seq = ?1",
    [REVISION_INSERT] = ("INSERT INTO revision (seq, replaced_at, title, description, thumbnail_url, views, likes, comments)"
                         " SELECT seq, ?2, title, description, thumbnail_url, views, likes, comments FROM video WHERE seq = ?1"),
    [GONE_GET] = "SELECT first_seen_at FROM gone WHERE id = ?1",
    [GONE_DELETE] = "DELETE FROM gone WHERE id = ?1",
};

const struct statements video_save_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum save_statement which)
{
	return db_use(store, NOUN_VIDEO_SAVE, (int)which);
}

static bool run_on(struct store *store, enum save_statement which, int64_t number, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, number);
	return db_run(store, statement, err);
}

bool video_delete(struct store *store, int64_t seq, struct error *err)
{
	db_public_change(store);
	return index_delete(store, seq, err) && run_on(store, VIDEO_DELETE, seq, err);
}

/* ---- the place in the table ---- */

/* The last key taken in the second of TIME, or the one before its first. */
static bool last_of_second(struct store *store, int64_t time, int64_t *seq, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, VIDEO_LAST_OF_SECOND);
	bool row = false;

	db_bind_int(get, 1, time * SEQ_PER_SECOND);
	db_bind_int(get, 2, time * SEQ_PER_SECOND + SEQ_PER_SECOND - 1);
	if (!db_step(store, get, &row, err))
		return false;
	*seq = row ? sqlite3_column_int64(get, 0) : time * SEQ_PER_SECOND - 1;
	return true;
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

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* A text as it is stored: in valid UTF-8, which may make it longer, then cut to MAX bytes at most. */
static bool clean_text(const char *text, size_t max, char **out, struct error *err)
{
	if (!text_repair(text, strlen(text), out, err))
		return false;
	(*out)[utf8_cut(*out, max)] = '\0';
	return true;
}

static bool clean(const struct video *video, struct video *out, struct error *err)
{
	if (!video_id_is_valid(video->id) || !video->title || !*video->title || video->published_at <= 0 ||
	    video->published_at > TIMESTAMP_MAX)
		return error_set(err, ERR_INVALID, "a video needs an id, a title and a time of publication");
	AUTO(video_clear) struct video copy = *video;
	copy.found = NULL;
	copy.found_count = 0;
	copy.title = copy.description = copy.channel_title = copy.thumbnail_url = copy.thumbnails = NULL;
	if (!clean_text(video->title, VIDEO_TITLE_MAX_BYTES, &copy.title, err) ||
	    !clean_text(or_empty(video->description), VIDEO_DESCRIPTION_MAX_BYTES, &copy.description, err) ||
	    !clean_text(or_empty(video->channel_title), VIDEO_TITLE_MAX_BYTES, &copy.channel_title, err) ||
	    !clean_text(or_empty(video->thumbnail_url), VIDEO_URL_MAX_BYTES, &copy.thumbnail_url, err) ||
	    !text_copy(video->thumbnails && *video->thumbnails ? video->thumbnails : "{}", &copy.thumbnails, err))
		return false;
	*out = copy;
	copy = (struct video){0};
	return true;
}

/* The row that is there already. */
struct stored {
	struct video video;
	int64_t channel;
	int64_t checked_at;
};

static void stored_clear(struct stored *stored)
{
	video_clear(&stored->video);
}

static bool load(struct store *store, const char *id, bool *found, struct stored *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, VIDEO_LOAD);

	db_bind_text(get, 1, id);
	if (!db_step(store, get, found, err))
		return false;
	if (!*found)
		return true;
	out->channel = sqlite3_column_int64(get, VIDEO_COLUMN_COUNT);
	out->checked_at = sqlite3_column_int64(get, VIDEO_COLUMN_COUNT + 1);
	return video_read(get, &out->video, err);
}

static bool prefer_text(char **text, const char *better, struct error *err)
{
	return !*better || text_replace(text, better, err);
}

static void prefer_number(int64_t *number, int64_t better)
{
	if (better != VIDEO_UNKNOWN)
		*number = better;
}

/* An import of what is known already only adds what is missing. */
static bool prefer_stored(struct video *fresh, const struct video *stored, struct error *err)
{
	bool keep_description = !stored->description_cut && *stored->description;

	fresh->published_at = stored->published_at;
	fresh->kind = stored->kind;
	fresh->scheduled_at = stored->scheduled_at;
	prefer_number(&fresh->duration_s, stored->duration_s);
	prefer_number(&fresh->views, stored->views);
	prefer_number(&fresh->likes, stored->likes);
	prefer_number(&fresh->comments, stored->comments);
	if (keep_description || !*fresh->description) {
		fresh->description_cut = stored->description_cut;
		if (!text_replace(&fresh->description, stored->description, err))
			return false;
	}
	return prefer_text(&fresh->title, stored->title, err) && prefer_text(&fresh->thumbnail_url, stored->thumbnail_url, err) &&
	       (strcmp(stored->thumbnails, "{}") == 0 || text_replace(&fresh->thumbnails, stored->thumbnails, err));
}

static void fill_number(int64_t *number, int64_t known)
{
	if (*number == VIDEO_UNKNOWN)
		*number = known;
}

/* An answer of YouTube is right; what it does not tell stays as it is stored. */
static bool fill_from_stored(struct video *fresh, const struct video *stored, struct error *err)
{
	fill_number(&fresh->duration_s, stored->duration_s);
	fill_number(&fresh->views, stored->views);
	fill_number(&fresh->likes, stored->likes);
	fill_number(&fresh->comments, stored->comments);
	if (fresh->description_cut && !stored->description_cut && *stored->description) {
		fresh->description_cut = false;
		if (!text_replace(&fresh->description, stored->description, err))
			return false;
	}
	return (*fresh->thumbnail_url || text_replace(&fresh->thumbnail_url, stored->thumbnail_url, err)) &&
	       (strcmp(fresh->thumbnails, "{}") != 0 || text_replace(&fresh->thumbnails, stored->thumbnails, err));
}

static bool same_text(const struct video *a, const struct video *b)
{
	return strcmp(a->title, b->title) == 0 && strcmp(a->description, b->description) == 0;
}

static bool same_content(const struct video *a, const struct video *b)
{
	return same_text(a, b) && a->description_cut == b->description_cut && a->published_at == b->published_at &&
	       strcmp(a->thumbnail_url, b->thumbnail_url) == 0 && strcmp(a->thumbnails, b->thumbnails) == 0 &&
	       a->kind == b->kind && a->duration_s == b->duration_s && a->views == b->views && a->likes == b->likes &&
	       a->comments == b->comments && a->scheduled_at == b->scheduled_at && a->first_seen_at == b->first_seen_at;
}

static void bind_known(sqlite3_stmt *statement, int at, int64_t number)
{
	if (number != VIDEO_UNKNOWN)
		db_bind_int(statement, at, number);
}

/* Binds what VIDEO_INSERT and VIDEO_UPDATE have in common. */
static void bind_video(sqlite3_stmt *statement, const struct video *video, int64_t seq, int64_t channel)
{
	db_bind_int(statement, 1, seq);
	db_bind_text(statement, 2, video->id);
	if (channel)
		db_bind_int(statement, 3, channel);
	db_bind_int(statement, 4, video->published_at);
	db_bind_text(statement, 5, video->title);
	db_bind_text(statement, 6, video->description);
	db_bind_int(statement, 7, video->description_cut);
	db_bind_text(statement, 8, video->thumbnail_url);
	db_bind_text(statement, 9, video->thumbnails);
	db_bind_int(statement, 10, (int64_t)video->kind);
	bind_known(statement, 11, video->duration_s);
	bind_known(statement, 12, video->views);
	bind_known(statement, 13, video->likes);
	bind_known(statement, 14, video->comments);
	db_bind_int(statement, 15, video->scheduled_at);
	db_bind_int(statement, 16, video->first_seen_at);
}

static bool insert(struct store *store, struct video *video, enum video_source source, int64_t channel, int64_t now,
                   struct error *err)
{
	if (!video_free_seq(store, video->published_at, &video->seq, err))
		return false;
	sqlite3_stmt *statement = use(store, VIDEO_INSERT);
	bind_video(statement, video, video->seq, channel);
	db_bind_int(statement, 17, now);
	db_bind_int(statement, 18, source == SOURCE_DETAILS ? now : 0);
	db_bind_int(statement, 19, source == SOURCE_DETAILS ? video_recheck_at(video, true, now) : 0);
	db_public_change(store);
	return db_run(store, statement, err) && index_insert_new(store, video->seq, err);
}

/* The order matters: the full-text entry goes with the old text under the old key, then the row changes and its matches follow by
 * cascade, then the new entry comes. Anything else leaves phantoms in the index. */
static bool update(struct store *store, const struct stored *old, struct video *video, int64_t channel, struct error *err)
{
	video->seq = old->video.seq;
	if (video->published_at != old->video.published_at && !video_free_seq(store, video->published_at, &video->seq, err))
		return false;
	bool index = video->seq != old->video.seq || channel != old->channel || !same_text(video, &old->video);
	if (index && !index_delete(store, old->video.seq, err))
		return false;
	sqlite3_stmt *statement = use(store, VIDEO_UPDATE);
	bind_video(statement, video, video->seq, channel);
	db_public_change(store);
	return db_run(store, statement, err) && (!index || index_insert(store, video->seq, err));
}

/* What a reader saw of a video before it changed; the rest of a text that a search had cut is no change. */
static bool keep_revision(struct store *store, const struct stored *old, const struct video *video, int64_t now,
                          struct error *err)
{
	bool other_description = !old->video.description_cut && strcmp(video->description, old->video.description) != 0;

	if (!other_description && strcmp(video->title, old->video.title) == 0 &&
	    strcmp(video->thumbnail_url, old->video.thumbnail_url) == 0)
		return true;
	sqlite3_stmt *keep = use(store, REVISION_INSERT);
	db_bind_int(keep, 1, old->video.seq);
	db_bind_int(keep, 2, now);
	return db_run(store, keep, err);
}

static bool note_seen(struct store *store, const struct video *video, bool first, enum video_source source, int64_t now,
                      struct error *err)
{
	sqlite3_stmt *seen = use(store, VIDEO_SEEN);

	db_bind_int(seen, 4, source == SOURCE_DETAILS ? video_recheck_at(video, first, now) : 0);
	db_bind_int(seen, 1, video->seq);
	db_bind_int(seen, 2, now);
	db_bind_int(seen, 3, source == SOURCE_DETAILS ? now : 0);
	return db_run(store, seen, err);
}

/* Brings the stored row up to date with FRESH. */
static bool merge(struct store *store, const struct stored *old, struct video *fresh, enum video_source source, int64_t channel,
                  int64_t now, enum video_saved *saved, struct error *err)
{
	/* What videos.list told is better than anything else. */
	bool told_better = old->checked_at && source != SOURCE_DETAILS;

	channel = channel && (!told_better || !old->channel) ? channel : old->channel;
	if (fresh->first_seen_at > old->video.first_seen_at || source != SOURCE_IMPORT)
		fresh->first_seen_at = old->video.first_seen_at;
	if (!(source == SOURCE_IMPORT || told_better ? prefer_stored(fresh, &old->video, err)
	                                             : fill_from_stored(fresh, &old->video, err)))
		return false;
	*saved = same_content(fresh, &old->video) && channel == old->channel ? VIDEO_SAME : VIDEO_CHANGED;
	fresh->seq = old->video.seq;
	if (*saved == VIDEO_CHANGED && (!keep_revision(store, old, fresh, now, err) || !update(store, old, fresh, channel, err)))
		return false;
	return note_seen(store, fresh, old->checked_at == 0, source, now, err);
}

/* A video that had gone is left alone, unless it is videos.list that gives it: then it is back, first seen when it was. */
static bool come_back(struct store *store, struct video *fresh, enum video_source source, bool *stays_gone, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, GONE_GET);
	bool gone = false;

	db_bind_text(get, 1, fresh->id);
	if (!db_step(store, get, &gone, err))
		return false;
	*stays_gone = gone && source != SOURCE_DETAILS;
	if (!gone || *stays_gone)
		return true;
	fresh->first_seen_at = sqlite3_column_int64(get, 0);
	sqlite3_stmt *forget = use(store, GONE_DELETE);
	db_bind_text(forget, 1, fresh->id);
	return db_run(store, forget, err);
}

static bool add(struct store *store, struct video *fresh, enum video_source source, int64_t now, enum video_saved *saved,
                struct error *err)
{
	int64_t channel;
	bool stays_gone;

	if (!come_back(store, fresh, source, &stays_gone, err))
		return false;
	*saved = stays_gone ? VIDEO_WAS_GONE : VIDEO_ADDED;
	if (stays_gone)
		return true;
	return channel_keep(store, fresh, source == SOURCE_DETAILS, &channel, err) &&
	       insert(store, fresh, source, channel, now, err);
}

/* The stored row, also of a video that was hidden as quarantined: videos.list brings it back, nothing else does (*HIDDEN). */
static bool load_or_restore(struct store *store, const char *id, enum video_source source, bool *known, bool *hidden,
                            struct stored *out, struct error *err)
{
	if (!load(store, id, known, out, err))
		return false;
	if (*known)
		return true;
	if (!quarantine_has(store, id, hidden, err))
		return false;
	if (!*hidden || source != SOURCE_DETAILS)
		return true;
	*hidden = false;
	return quarantine_restore(store, id, err) && load(store, id, known, out, err);
}

static bool save(struct store *store, struct video *fresh, enum video_source source, int64_t now, enum video_saved *saved,
                 struct error *err)
{
	AUTO(stored_clear) struct stored old = {0};
	int64_t channel;
	bool known;
	bool hidden = false;

	if (!load_or_restore(store, fresh->id, source, &known, &hidden, &old, err))
		return false;
	if (hidden) {
		*saved = VIDEO_WAS_GONE;
		return true;
	}
	if (!known)
		return add(store, fresh, source, now, saved, err);
	return channel_keep(store, fresh, source == SOURCE_DETAILS, &channel, err) &&
	       merge(store, &old, fresh, source, channel, now, saved, err);
}

bool store_video_save(struct store *store, const struct video *video, enum video_source source, int64_t now,
                      enum video_saved *saved, int64_t *seq, struct error *err)
{
	AUTO(video_clear) struct video fresh = {0};
	bool own = false;

	if (!clean(video, &fresh, err))
		return false;
	fresh.first_seen_at = fresh.first_seen_at ? fresh.first_seen_at : now;
	bool done = db_write_begin(store, &own, err) && save(store, &fresh, source, now, saved, err) &&
	            (source != SOURCE_DETAILS || lookup_found(store, fresh.id, fresh.seq, err));
	if (done && seq)
		*seq = fresh.seq;
	return db_write_end(store, own, done, err);
}
