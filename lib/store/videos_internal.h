/* Inside lib/store only: rows of video as structs, shared by the files that read them. */
#pragma once

#include "model/video.h"
#include "store/db.h"

/* The columns that video_read expects, of `video v LEFT JOIN channel c ON c.id = v.channel`. */
#define VIDEO_COLUMNS                                                                                                            \
	"v.seq, v.id, v.title, v.description, v.description_cut, c.youtube_id, c.title, v.published_at, v.first_seen_at, "       \
	"v.thumbnail_url, v.thumbnails, v.kind, v.duration_s, v.views, v.likes, v.comments, v.scheduled_at"
#define VIDEO_TABLES " FROM video v LEFT JOIN channel c ON c.id = v.channel "

enum { VIDEO_COLUMN_COUNT = 17 };

/* What FTS5 holds of a video, read through the tables: for a deletion it has to be the text that was put in. */
#define VIDEO_FTS_ROW "v.seq, v.title, v.description, coalesce(c.title, '')" VIDEO_TABLES

/* seq = published_at * SEQ_PER_SECOND + n: so many videos a second has room for. */
enum { SEQ_PER_SECOND = 1024 };

/* Reads the row that STATEMENT stands on. */
MUST_USE bool video_read(sqlite3_stmt *statement, struct video *out, struct error *err);

/* Fills VIDEO->found with the public queries that found the video. */
MUST_USE bool video_read_found(struct store *store, struct video *video, struct error *err);

/* A free key for a video published at TIME: in its second, or in the nearest one that has room. */
MUST_USE bool video_free_seq(struct store *store, int64_t time, int64_t *out, struct error *err);

/* Puts the text of the video with key SEQ, which is in its table, into the full-text index. */
MUST_USE bool video_index(struct store *store, int64_t seq, struct error *err);

/* Deletes the video with key SEQ, its matches and its entry in the full-text index. For use inside a transaction. */
MUST_USE bool video_delete(struct store *store, int64_t seq, struct error *err);
