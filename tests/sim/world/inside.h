/* Inside the world: what world.c and uploads.c share. */
#pragma once

#include "tests/sim/world/corpus.h"
#include "tests/sim/world/generator.h"

struct world {
	struct world_options options;
	struct topic *topics; /* of queries that were asked for: their videos can be found by id from then on */
	size_t topic_count;
	struct corpus *corpus; /* NULL: the videos are invented */
};

/* A real video. Errors: ERR_NO_MEMORY. */
MUST_USE bool world_make_real(const struct world *world, const struct corpus_video *from, struct world_video *out,
                              struct error *err);
