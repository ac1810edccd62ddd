/* Inside the world: what its files share. */
#pragma once

#include "tests/sim/world/corpus.h"
#include "tests/sim/world/world.h"

/* A query that was asked for: its videos can be found by id from then on. */
struct topic {
	uint64_t tag; /* the query's part of an id */
	char *folded;
	double rate_per_hour;
};

struct world {
	struct world_options options;
	struct topic *topics;
	size_t topic_count;
	struct corpus *corpus; /* NULL: invented */
};

/* An invented video: number NUMBER of those in HOUR. */
int64_t world_count_in_hour(const struct world *world, const struct topic *topic, int64_t hour);
MUST_USE bool world_make_video(const struct world *world, const struct topic *topic, int64_t hour, int64_t number,
                               struct world_video *out, struct error *err);

/* A real one. */
MUST_USE bool world_make_real(const struct world *world, const struct corpus_video *from, struct world_video *out,
                              struct error *err);

/* Its texts as they stand after the change. */
MUST_USE bool world_rename(struct world_video *video, struct error *err);

/* An empty place at the end; NULL without memory. */
struct world_video *world_hits_add(struct world_hits *hits);

/* For qsort: by announcement, then by id. */
int world_newest_first(const void *a, const void *b);
