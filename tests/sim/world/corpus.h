/* Real videos from an NDJSON file (members id, title, description, published_at, channel_id, channel_title), for the world. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/video.h"

struct corpus;

struct corpus_video {
	char id[VIDEO_ID_SIZE];
	char channel_id[CHANNEL_ID_SIZE];
	char *title;
	char *description;
	char *channel_title;
	char *folded; /* title and description, for searching */
	int64_t published_at;
};

/* Reads FILE, gzipped or not; lines without id, title or time are left out. Errors: ERR_NOT_FOUND, ERR_INVALID, ERR_NO_MEMORY. */
MUST_USE bool corpus_open(const char *file, int64_t shift_s, struct corpus **out, struct error *err);
void corpus_close(struct corpus **corpus);

size_t corpus_count(const struct corpus *corpus);
const struct corpus_video *corpus_at(const struct corpus *corpus, size_t i);

/* Number I in the order of channels, and of time within one. */
const struct corpus_video *corpus_by_channel(const struct corpus *corpus, size_t i);

/* How many videos of the channel there are; *FIRST is where they begin in that order. */
size_t corpus_of_channel(const struct corpus *corpus, const char *channel_id, size_t *first);

/* The time of the newest video, 0 when there is none. */
int64_t corpus_end(const struct corpus *corpus);

/* NULL when there is none. */
const struct corpus_video *corpus_find(const struct corpus *corpus, const char *id);

/* Whether all words of FOLDED occur in its texts. */
bool corpus_matches(const struct corpus_video *video, const char *folded);
