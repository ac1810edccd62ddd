/* Videos that YouTube no longer has: their ids and times. Nothing of their content is kept. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/video.h"

struct writer; /* base/json_writer.h */

/* A public query that had found one. */
struct gone_query {
	int64_t id;
	char *text;
};

struct gone_video {
	char id[VIDEO_ID_SIZE];
	int64_t published_at;
	int64_t first_seen_at;
	int64_t checked_at; /* when videos.list last gave it, 0 = never, or not known */
	int64_t missing_at; /* when an answer first lacked it, 0 = not known */
	int64_t gone_at;    /* when another one had lacked it, a day later or more */
	struct gone_query *queries;
	size_t query_count;
};

struct gone_list {
	struct gone_video *items;
	size_t count;
};

void gone_list_clear(struct gone_list *list);

/* The video as one object: id, published_at, first_seen_at, last_seen_at, missing_at, gone_at, queries [{id, query}]. */
void gone_write_json(struct writer *w, const struct gone_video *video);
