#include "store/videos.h"

#include <string.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "store/internal.h"

enum { FOUND_MAX = 1000, REVISION_MAX = 1000 };

enum video_statement { VIDEO_GET, VIDEO_FOUND, VIDEO_REVISIONS, VIDEO_REPLACED_AT, VIDEO_GONE_AT, VIDEO_IS_KNOWN };

#define FOUND_ROW(FIRST, NEXT)                                                                                                   \
	FIRST(FOUND_COL_QUERY, "m.query")                                                                                        \
	NEXT(FOUND_COL_TEXT, "q.text") /* video_add_found() wants this order */                                                  \
	NEXT(FOUND_COL_HOW, "m.how")                                                                                             \
	NEXT(FOUND_COL_AT, "m.found_at")

#define REVISION_ROW(FIRST, NEXT)                                                                                                \
	FIRST(REVISION_COL_REPLACED_AT, "replaced_at")                                                                           \
	NEXT(REVISION_COL_TITLE, "title")                                                                                        \
	NEXT(REVISION_COL_DESCRIPTION, "description")                                                                            \
	NEXT(REVISION_COL_THUMBNAIL_URL, "thumbnail_url")                                                                        \
	NEXT(REVISION_COL_VIEWS, "views")                                                                                        \
	NEXT(REVISION_COL_LIKES, "likes")                                                                                        \
	NEXT(REVISION_COL_COMMENTS, "comments")

enum { POSITIONS(FOUND_ROW) };
enum { POSITIONS(REVISION_ROW) };

#define FOUND_COLUMNS COLUMNS(FOUND_ROW)
#define REVISION_COLUMNS COLUMNS(REVISION_ROW)

static const char *const sql[] = {
    [VIDEO_GET] = "SELECT " VIDEO_COLUMNS VIDEO_TABLES "WHERE v.id = ?1",
    [VIDEO_FOUND] = "SELECT " FOUND_COLUMNS " FROM match m JOIN query q ON q.id = m.query"
		    " WHERE m.seq = ?1 AND " QUERY_IS_PUBLIC " ORDER BY m.query",
    [VIDEO_REVISIONS] = "SELECT " REVISION_COLUMNS " FROM revision WHERE seq = ?1 ORDER BY id DESC",
    [VIDEO_REPLACED_AT] = "SELECT max(replaced_at) FROM revision WHERE seq = ?1",
    [VIDEO_GONE_AT] = "SELECT gone_at FROM gone WHERE id = ?1",
    [VIDEO_IS_KNOWN] = "SELECT EXISTS (SELECT 1 FROM video WHERE id = ?1) OR EXISTS (SELECT 1 FROM quarantine WHERE id = ?1)",
};

const struct statements videos_statements = STATEMENTS(sql);

/* ---- rows ---- */

bool video_read(struct statement *row, struct video *out, struct error *err)
{
	AUTO(video_clear)
	struct video video = {
	    .seq = column_int(row, VIDEO_COL_SEQ),
	    .description_cut = column_int(row, VIDEO_COL_DESCRIPTION_CUT) != 0,
	    .published_at = column_int(row, VIDEO_COL_PUBLISHED_AT),
	    .published_unknown = column_int(row, VIDEO_COL_PUBLISHED_UNKNOWN) != 0,
	    .first_seen_at = column_int(row, VIDEO_COL_FIRST_SEEN_AT),
	    .recorded = column_int(row, VIDEO_COL_RECORDED),
	    .last_seen_at = column_int(row, VIDEO_COL_FETCHED_AT),
	    .checked_at = column_int(row, VIDEO_COL_CHECKED_AT),
	    .kind = (enum video_kind)column_int(row, VIDEO_COL_KIND),
	    .duration_s = column_int_or(row, VIDEO_COL_DURATION_S, VIDEO_UNKNOWN),
	    .views = column_int_or(row, VIDEO_COL_VIEWS, VIDEO_UNKNOWN),
	    .likes = column_int_or(row, VIDEO_COL_LIKES, VIDEO_UNKNOWN),
	    .comments = column_int_or(row, VIDEO_COL_COMMENTS, VIDEO_UNKNOWN),
	    .scheduled_at = column_int(row, VIDEO_COL_SCHEDULED_AT),
	    .details = {.category = column_int(row, VIDEO_COL_CATEGORY),
	                .definition = (enum video_definition)column_int(row, VIDEO_COL_DEFINITION),
	                .caption = (enum video_caption)column_int(row, VIDEO_COL_CAPTION),
	                .licence = (enum video_licence)column_int(row, VIDEO_COL_LICENCE),
	                .started_at = column_int(row, VIDEO_COL_STARTED_AT),
	                .ended_at = column_int(row, VIDEO_COL_ENDED_AT)},
	};

	strncpy(video.id, column_text(row, VIDEO_COL_ID), sizeof(video.id) - 1);
	strncpy(video.channel_id, column_text(row, VIDEO_COL_CHANNEL_ID), sizeof(video.channel_id) - 1);
	strncpy(video.details.language, column_text(row, VIDEO_COL_LANGUAGE), sizeof(video.details.language) - 1);
	strncpy(video.details.audio_language, column_text(row, VIDEO_COL_AUDIO_LANGUAGE),
	        sizeof(video.details.audio_language) - 1);
	if (!column_copy(row, VIDEO_COL_TITLE, &video.title, err) ||
	    !column_copy(row, VIDEO_COL_DESCRIPTION, &video.description, err) ||
	    !column_copy(row, VIDEO_COL_CHANNEL_TITLE, &video.channel_title, err) ||
	    !column_copy(row, VIDEO_COL_THUMBNAIL_URL, &video.thumbnail_url, err) ||
	    !column_copy(row, VIDEO_COL_THUMBNAILS, &video.thumbnails, err) ||
	    !column_copy(row, VIDEO_COL_TAGS, &video.details.tags, err))
		return false;
	*out = video;
	video = (struct video){0};
	return true;
}

bool video_add_found(struct video *video, struct statement *row, int column, struct error *err)
{
	if (!list_grow(&video->found, video->found_count, sizeof(*video->found)))
		return error_no_memory(err);
	struct found *found = &video->found[video->found_count];
	*found = (struct found){.query_id = column_int(row, column),
	                        .how = (enum found_how)column_int(row, column + 2),
	                        .found_at = column_int(row, column + 3)};
	if (!column_copy(row, column + 1, &found->query, err))
		return false;
	video->found_count++;
	return true;
}

/* Fills VIDEO->found with the public queries that found the video. */
static bool read_found(struct store *store, struct video *video, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[VIDEO_FOUND]);
	bool row = false;

	bind_int(list, 1, video->seq);
	while (video->found_count < FOUND_MAX) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			break;
		if (!video_add_found(video, list, FOUND_COL_QUERY, err))
			return false;
	}
	return true;
}

static bool add_revision(struct video *video, struct statement *row, struct error *err)
{
	if (!list_grow(&video->revisions, video->revision_count, sizeof(*video->revisions)))
		return error_no_memory(err);
	struct revision *revision = &video->revisions[video->revision_count++];
	*revision = (struct revision){.replaced_at = column_int(row, REVISION_COL_REPLACED_AT),
	                              .views = column_int_or(row, REVISION_COL_VIEWS, VIDEO_UNKNOWN),
	                              .likes = column_int_or(row, REVISION_COL_LIKES, VIDEO_UNKNOWN),
	                              .comments = column_int_or(row, REVISION_COL_COMMENTS, VIDEO_UNKNOWN)};
	return column_copy(row, REVISION_COL_TITLE, &revision->title, err) &&
	       column_copy(row, REVISION_COL_DESCRIPTION, &revision->description, err) &&
	       column_copy(row, REVISION_COL_THUMBNAIL_URL, &revision->thumbnail_url, err);
}

static bool read_revisions(struct store *store, struct video *video, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[VIDEO_REVISIONS]);
	bool row = true;

	bind_int(list, 1, video->seq);
	while (row && video->revision_count < REVISION_MAX)
		if (!statement_step(list, &row, err) || (row && !add_revision(video, list, err)))
			return false;
	return true;
}

/* Why there is no such video: ERR_GONE or ERR_NOT_FOUND. Returns false. */
static bool missing_error(struct store *store, const char *id, struct error *err)
{
	struct statement *get = statement_use(store, sql[VIDEO_GONE_AT]);
	char gone_at[TIMESTAMP_SIZE];
	int64_t time;

	bind_text(get, 1, id);
	if (!statement_number(get, &time, err))
		return false;
	if (!time)
		return error_set(err, ERR_NOT_FOUND, "no video '%.40s'", id);
	timestamp_format(time, gone_at);
	return error_set(err, ERR_GONE, "YouTube no longer has the video '%.40s', as was seen at %s", id, gone_at);
}

bool store_video_get(struct store *store, const char *id, struct video *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[VIDEO_GET]);
	AUTO(video_clear) struct video video = {0};
	bool row = false;

	bind_text(get, 1, id);
	if (!statement_step(get, &row, err))
		return false;
	if (!row)
		return missing_error(store, id, err);
	if (!video_read(get, &video, err) || !read_found(store, &video, err) || !read_revisions(store, &video, err))
		return false;
	*out = video;
	video = (struct video){0};
	return true;
}

bool store_video_is_known(struct store *store, const char *id, bool *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[VIDEO_IS_KNOWN]);
	int64_t known;

	bind_text(get, 1, id);
	if (!statement_number(get, &known, err))
		return false;
	*out = known != 0;
	return true;
}

bool store_video_changed_at(struct store *store, int64_t seq, int64_t *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[VIDEO_REPLACED_AT]);

	bind_int(get, 1, seq);
	return statement_number(get, out, err);
}
