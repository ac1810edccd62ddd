/*
 * From model to fields, each named once, for the API (JSON text) and for pages (a tree). A view writes members into the object
 * that is open, so that a page can add its own beside them:
 *	write_object(w, NULL);
 *	view_video(w, video);
 *	write_end(w);
 */
#pragma once

#include "model/channel.h"
#include "model/key.h"
#include "model/query.h"
#include "model/video.h"
#include "base/json_writer.h"

enum {
	WATCH_URL_SIZE = sizeof("https://www.youtube.com/watch?v=") + VIDEO_ID_SIZE,
	CHANNEL_URL_SIZE = sizeof("https://www.youtube.com/channel/") + CHANNEL_ID_SIZE
};

/* Where YouTube shows a video, and a channel. */
void view_watch_url(const char *id, char out[WATCH_URL_SIZE]);
void view_channel_url(const char *id, char out[CHANNEL_URL_SIZE]);

/* id, url, title, description, published_at, first_seen_at, channel {id, title}, thumbnail_url, thumbnails, kind,
 * duration_seconds, views, likes, comments, queries [{id, query}]. Unknown numbers and texts are null. */
void view_video(struct writer *w, const struct video *video);

/* The same with found_by ("search" …) and found_at in each of queries, and history [{replaced_at, title, description,
 * thumbnail_url, views, likes, comments}], what it was before, newest first. */
void view_video_with_history(struct writer *w, const struct video *video);

/* id, url, title, videos. */
void view_channel(struct writer *w, const struct channel *channel);

/* id, query, state, origin, videos, videos_today, created_at, last_success_at, next_poll_at, covered_since, gaps [{from, to,
 * reason}], error. */
void view_query(struct writer *w, const struct query *query);

/* id, key (masked), label, state, reason, project, searches {used, limit}, units {used, limit}, resets_at, last_used_at. */
void view_key(struct writer *w, const struct key *key, int64_t now);

/* What went wrong, RFC 9457. */
struct problem {
	const char *type; /* "/problems/not-found" */
	const char *title;
	int status;
	const char *detail;
	const char *request_id;
};

/* type, title, status, detail, request_id. */
void view_problem(struct writer *w, const struct problem *problem);

/* Begins a JSON answer with STATUS and returns the writer of its body. */
struct response;
struct writer view_json(struct response *res, int status);
