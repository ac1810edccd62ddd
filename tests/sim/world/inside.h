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

/* The topic with this tag, NULL when there is none. */
struct topic *world_topic(const struct world *world, uint64_t tag);

/* A real video, without its texts. */
void world_make_real(const struct world *world, const struct corpus_video *from, struct world_video *out);

void upload_index_close(struct upload_index **index);
