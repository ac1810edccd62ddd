/* A video of the world, a channel, and lists of videos. */
#pragma once

#include "base/error.h"
#include "tests/sim/world/fate.h"

/* The texts are its own. */
struct world_video {
	char id[VIDEO_ID_SIZE];
	char channel_id[CHANNEL_ID_SIZE];
	char *title;
	char *description;
	char *channel_title;
	struct fate fate;
};

/* Its texts as they stand after the change. Errors: ERR_NO_MEMORY. */
MUST_USE bool world_video_rename(struct world_video *video, struct error *err);

/* Shortens a title in place to the 100 characters that YouTube takes. */
void world_video_cut_title(char *title);

void world_video_clear(struct world_video *video);

struct world_hits {
	struct world_video *items; /* newest first by the index's time */
	size_t count;
};

void world_hits_clear(struct world_hits *hits);

/* An empty place at the end; NULL without memory. */
struct world_video *world_hits_add(struct world_hits *hits);

/* For qsort: by announcement, the newest first, then by id. */
int world_newest_first(const void *a, const void *b);

struct world_channel {
	char id[CHANNEL_ID_SIZE];
	char title[128];
	int64_t born_at;
};
