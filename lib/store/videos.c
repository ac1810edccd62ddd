#include "store/videos.h"

#include <string.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "store/videos_internal.h"

enum { FOUND_MAX = 1000, REVISION_MAX = 1000 };

enum video_statement { VIDEO_GET, VIDEO_FOUND, VIDEO_REVISIONS, VIDEO_GONE_AT };

static const char *const sql[] = {
    [VIDEO_GET] = "SELECT " VIDEO_COLUMNS VIDEO_TABLES "WHERE v.id = ?1",
    [VIDEO_FOUND] = ("SELECT m.query, q.text, m.how, m.found_at FROM match m JOIN query q ON q.id = m.query"
                     " WHERE m.seq = ?1 AND q.origin <> 2 AND q.entry_state <> 3 ORDER BY m.query"),
    [VIDEO_REVISIONS] = "SELECT replaced_at, title, description, thumbnail_url, views, likes, comments FROM revision"
			" WHERE seq = ?1 ORDER BY id DESC",
    [VIDEO_GONE_AT] = "SELECT gone_at FROM gone WHERE id = ?1",
};

const struct statements videos_statements = {sql, sizeof(sql) / sizeof(sql[0])};

/* ---- rows ---- */

static sqlite3_stmt *use(struct store *store, enum video_statement which)
{
	return db_use(store, NOUN_VIDEOS, (int)which);
}

static int64_t known_or_unknown(sqlite3_stmt *statement, int column)
{
	return sqlite3_column_type(statement, column) == SQLITE_NULL ? VIDEO_UNKNOWN : sqlite3_column_int64(statement, column);
}

bool video_read(sqlite3_stmt *row, struct video *out, struct error *err)
{
	AUTO(video_clear)
	struct video video = {
	    .seq = sqlite3_column_int64(row, 0),
	    .description_cut = sqlite3_column_int(row, 4),
	    .published_at = sqlite3_column_int64(row, 7),
	    .first_seen_at = sqlite3_column_int64(row, 8),
	    .kind = (enum video_kind)sqlite3_column_int(row, 11),
	    .duration_s = known_or_unknown(row, 12),
	    .views = known_or_unknown(row, 13),
	    .likes = known_or_unknown(row, 14),
	    .comments = known_or_unknown(row, 15),
	    .scheduled_at = sqlite3_column_int64(row, 16),
	};

	strncpy(video.id, db_text(row, 1), sizeof(video.id) - 1);
	strncpy(video.channel_id, db_text(row, 5), sizeof(video.channel_id) - 1);
	if (!db_copy(row, 2, &video.title, err) || !db_copy(row, 3, &video.description, err) ||
	    !db_copy(row, 6, &video.channel_title, err) || !db_copy(row, 9, &video.thumbnail_url, err) ||
	    !db_copy(row, 10, &video.thumbnails, err))
		return false;
	*out = video;
	video = (struct video){0};
	return true;
}

bool video_add_found(struct video *video, sqlite3_stmt *row, int column, struct error *err)
{
	if (!list_grow(&video->found, video->found_count, sizeof(*video->found)))
		return error_no_memory(err);
	struct found *found = &video->found[video->found_count];
	*found = (struct found){.query_id = sqlite3_column_int64(row, column)};
	if (!db_copy(row, column + 1, &found->query, err))
		return false;
	video->found_count++;
	return true;
}

/* Fills VIDEO->found with the public queries that found the video. */
static bool read_found(struct store *store, struct video *video, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = use(store, VIDEO_FOUND);
	bool row = false;

	db_bind_int(list, 1, video->seq);
	while (video->found_count < FOUND_MAX) {
		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			break;
		if (!video_add_found(video, list, 0, err))
			return false;
		struct found *found = &video->found[video->found_count - 1];
		found->how = (enum found_how)sqlite3_column_int(list, 2);
		found->found_at = sqlite3_column_int64(list, 3);
	}
	return true;
}

static bool add_revision(struct video *video, sqlite3_stmt *row, struct error *err)
{
	if (!list_grow(&video->revisions, video->revision_count, sizeof(*video->revisions)))
		return error_no_memory(err);
	struct revision *revision = &video->revisions[video->revision_count++];
	*revision = (struct revision){.replaced_at = sqlite3_column_int64(row, 0),
	                              .views = known_or_unknown(row, 4),
	                              .likes = known_or_unknown(row, 5),
	                              .comments = known_or_unknown(row, 6)};
	return db_copy(row, 1, &revision->title, err) && db_copy(row, 2, &revision->description, err) &&
	       db_copy(row, 3, &revision->thumbnail_url, err);
}

static bool read_revisions(struct store *store, struct video *video, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *list = use(store, VIDEO_REVISIONS);
	bool row = false;

	db_bind_int(list, 1, video->seq);
	while (video->revision_count < REVISION_MAX) {
		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			break;
		if (!add_revision(video, list, err))
			return false;
	}
	return true;
}

/* Why there is no such video: ERR_GONE or ERR_NOT_FOUND. Returns false. */
static bool tell_missing(struct store *store, const char *id, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, VIDEO_GONE_AT);
	char gone_at[TIMESTAMP_SIZE];
	bool row = false;

	db_bind_text(get, 1, id);
	if (!db_step(store, get, &row, err))
		return false;
	if (!row)
		return error_set(err, ERR_NOT_FOUND, "no video '%.40s'", id);
	timestamp_format(sqlite3_column_int64(get, 0), gone_at);
	return error_set(err, ERR_GONE, "YouTube no longer has the video '%.40s', as was seen at %s", id, gone_at);
}

bool store_video_get(struct store *store, const char *id, struct video *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, VIDEO_GET);
	AUTO(video_clear) struct video video = {0};
	bool row = false;

	db_bind_text(get, 1, id);
	if (!db_step(store, get, &row, err))
		return false;
	if (!row)
		return tell_missing(store, id, err);
	if (!video_read(get, &video, err) || !read_found(store, &video, err) || !read_revisions(store, &video, err))
		return false;
	*out = video;
	video = (struct video){0};
	return true;
}
