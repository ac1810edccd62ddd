/* Inside lib/store only: rows of video as structs, shared by the files that read them. */
#pragma once

#include "model/video.h"
#include "store/sqlite/connection.h"

/* The columns that video_read expects, of `video v LEFT JOIN channel c ON c.id = v.channel`. */
#define VIDEO_COLUMNS                                                                                                            \
	"v.seq, v.id, v.title, v.description, v.description_cut, c.youtube_id, c.title, v.published_at, v.first_seen_at, "       \
	"v.thumbnail_url, v.thumbnails, v.kind, v.duration_s, v.views, v.likes, v.comments, v.scheduled_at"
#define VIDEO_TABLES " FROM video v LEFT JOIN channel c ON c.id = v.channel "

enum { VIDEO_COLUMN_COUNT = 17 };

/* seq = published_at * SEQ_PER_SECOND + n: so many videos a second has room for. */
enum { SEQ_PER_SECOND = 1024 };

/* Reads the row that STATEMENT stands on. */
MUST_USE bool video_read(sqlite3_stmt *statement, struct video *out, struct error *err);

/* Adds a query that found the video: its id in COLUMN, its text in the next one. */
MUST_USE bool video_add_found(struct video *video, sqlite3_stmt *row, int column, struct error *err);

/* A free key for a video published at TIME: in its second, or in the nearest one that has room. */
MUST_USE bool video_free_seq(struct store *store, int64_t time, int64_t *out, struct error *err);

/* Deletes the video with key SEQ, its matches and its entry in the full-text index. For use inside a transaction. */
MUST_USE bool video_delete(struct store *store, int64_t seq, struct error *err);

/* sqlite/fts_index.c: the text of one video, or of all of a channel's, into the full-text index or out of it. It is deleted before the
 * rows change, and inserted afterwards; INDEX_INSERT_NEW may let it wait. For use inside a transaction. */
MUST_USE bool index_insert(struct store *store, int64_t seq, struct error *err);
MUST_USE bool index_insert_new(struct store *store, int64_t seq, struct error *err);
MUST_USE bool index_delete(struct store *store, int64_t seq, struct error *err);
MUST_USE bool index_insert_channel(struct store *store, int64_t channel, struct error *err);
MUST_USE bool index_delete_channel(struct store *store, int64_t channel, struct error *err);

/* stats_volume.c: kept counts by time, of all videos (QUERY_ID 0) or of a query's. How many have a key above SEQ; the key of the one at
 * POSITION from the newest (0 is the newest), 0 when there are fewer. */
MUST_USE bool volume_newer(struct store *store, int64_t query_id, int64_t seq, int64_t *out, struct error *err);
MUST_USE bool volume_find(struct store *store, int64_t query_id, int64_t position, int64_t *seq, struct error *err);
