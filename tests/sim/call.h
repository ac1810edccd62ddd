/* Inside the simulator's API: a call in hand, how it is refused, and what its answers have in common. */
#pragma once

#include "tests/sim/api.h"
#include "tests/sim/emit.h"
#include "tests/sim/errors.h"
#include "tests/sim/params.h"

struct call {
	struct sim *sim;
	const struct params *params;
	int64_t now;
	struct sim_response *out;
	const struct sim_project *project;
};

/* The two methods. */
MUST_USE bool call_search(struct call *call, enum fault fault, struct error *err); /* search.c */
MUST_USE bool call_videos(struct call *call, struct error *err);                   /* videos.c */

/* refuse.c: answers that say no. */
MUST_USE bool answer_error(struct call *call, const struct sim_error *error, struct error *err);
MUST_USE bool refuse_parameter(struct call *call, const char *domain, const char *reason, const char *parameter,
                               const char *message, struct error *err);
/* 429 of the search bucket; BURST is the limit per minute, which is no reason to stop for the day. */
MUST_USE bool refuse_searches(struct call *call, bool burst, struct error *err);
MUST_USE bool refuse_units(struct call *call, struct error *err);
MUST_USE bool refuse_key(struct call *call, enum sim_key_state state, const char *project, struct error *err);
MUST_USE bool refuse_without_key(struct call *call, struct error *err);

/* shape.c: parts of both answers. */
void begin_answer(struct call *call, struct emit *e, const char *kind);
void emit_etag(struct emit *e, uint64_t seed);
void emit_page_info(struct emit *e, int64_t total, int64_t per_page);
/* Search gives three sizes; videos.list ALL of them. */
void emit_thumbnails(struct emit *e, const struct call *call, const struct world_video *video, bool all);
/* "none", "upcoming", "live" */
const char *live_content(const struct call *call, const struct world_video *video);
