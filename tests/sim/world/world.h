/*
 * The world that the simulator shows: which videos there are, what they say, and when. Two kinds: an invented one, in which any
 * query has a stream of videos that depends on nothing but the seed, the query and the hour; and real videos from a file. Times
 * are UTC seconds.
 */
#pragma once

#include "base/error.h"
#include "tests/sim/world/options.h"
#include "tests/sim/world/video.h"

struct world;

struct world_options world_defaults(void);

/* Errors: ERR_NOT_FOUND and ERR_INVALID for the corpus, ERR_NO_MEMORY. */
MUST_USE bool world_open(const struct world_options *options, struct world **out, struct error *err);
void world_close(struct world **world);

/* Makes a query's videos known by id before somebody searched for it. */
MUST_USE bool world_know(struct world *world, const char *query, struct error *err);

/* The same, with so many videos a day. */
MUST_USE bool world_set_rate(struct world *world, const char *query, double per_day, struct error *err);

/* The videos that the search index shows at NOW for QUERY with a time from AFTER to BEFORE, both included, the newest first. There may be a
 * hundred thousand: their texts are for world_tell() to add. */
MUST_USE bool world_search(struct world *world, const char *query, int64_t after, int64_t before, int64_t now,
                           struct world_hits *out, struct error *err);

/* All videos of QUERY announced from AFTER to BEFORE, both included: also those that the index shows later or never. For an
 * invented world. */
MUST_USE bool world_all(struct world *world, const char *query, int64_t after, int64_t before, struct world_hits *out,
                        struct error *err);

/* All that is announced from FROM to TO, both included, of all queries known by now, and what their channels upload besides; in no
 * order, without texts. For an invented world. */
MUST_USE bool world_announced(struct world *world, int64_t from, int64_t to, struct world_hits *out, struct error *err);

/* The video with this id; *FOUND tells whether there is one at NOW: published, and not gone. */
MUST_USE bool world_find(struct world *world, const char *id, int64_t now, bool *found, struct world_video *out,
                         struct error *err);

/* The channel with this id, or with this HANDLE ("@…", made of the id) when ID is NULL. False when there is none. */
bool world_channel(const struct world *world, const char *id, const char *handle, struct world_channel *out);

enum { WORLD_HANDLE_SIZE = 24 };
void world_handle(const char *channel_id, char out[WORLD_HANDLE_SIZE]);

/* Everything that the channel announced until NOW, newest first, also what is gone; without texts, which world_tell() adds. An
 * invented channel keeps what came in the last sixty days, and less where its query brings thousands. */
MUST_USE bool world_uploads(struct world *world, const char *channel_id, int64_t now, struct world_hits *out, struct error *err);

/* Gives a video of the world its texts as they stand at NOW. Errors: ERR_NO_MEMORY. */
MUST_USE bool world_tell(struct world *world, int64_t now, struct world_video *video, struct error *err);
