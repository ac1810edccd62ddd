/* Inside the simulator's API: a call in hand, how it is refused, and what its answers have in common. */
#pragma once

#include "tests/sim/api/errors.h"
#include "tests/sim/api/sim.h"
#include "tests/sim/emit.h"
#include "tests/sim/params.h"

struct call {
	struct sim *sim;
	const struct params *params;
	int64_t now;
	const char *etag; /* of If-None-Match, NULL when there is none */
	enum fault fault;
	struct sim_response *out;
	const struct sim_project *project;
};

/* The methods, each in a file of its own. */
MUST_USE bool call_search(struct call *call, struct error *err);
MUST_USE bool call_videos(struct call *call, struct error *err);
MUST_USE bool call_channels(struct call *call, struct error *err);
MUST_USE bool call_playlist_items(struct call *call, struct error *err);

/* The feed of a channel, for the address /feeds/videos.xml. */
MUST_USE bool call_feed(struct call *call, struct error *err);

/* What goes wrong with this call (fault_answers.c); *ANSWERED when that is the whole answer. */
MUST_USE bool answer_fault(struct call *call, enum sim_method method, const struct refusal *refusal, bool *answered,
                           struct error *err);

/* A chance of this call. It is not drawn while its SHARE is 0, so that worlds without it stay as they are. */
bool happens(const struct call *call, double share);

/* ranking.c: puts what a search found, the newest first, into the order of the answer, and cuts it to the pool. Errors:
 * ERR_NO_MEMORY. */
MUST_USE bool rank_hits(const struct call *call, struct world_hits *hits, struct error *err);

/* refuse.c: answers that say no. */
MUST_USE bool answer_page(struct call *call, int status, struct error *err);
MUST_USE bool refuse_by_name(struct call *call, const struct refusal *refusal, struct error *err);
MUST_USE bool answer_error(struct call *call, const struct sim_error *error, struct error *err);
MUST_USE bool refuse_parameter(struct call *call, const char *domain, const char *reason, const char *parameter,
                               const char *message, struct error *err);
MUST_USE bool refuse_without_filter(struct call *call, const char *expected, struct error *err);
/* 429 of the search bucket; BURST is the limit per minute, which is no reason to stop for the day. */
MUST_USE bool refuse_searches(struct call *call, bool burst, struct error *err);
MUST_USE bool refuse_units(struct call *call, struct error *err);
MUST_USE bool refuse_key(struct call *call, enum sim_key_state state, const char *project, struct error *err);
MUST_USE bool refuse_without_key(struct call *call, struct error *err);

/* shape.c: parts of several answers. */
void begin_answer(struct call *call, struct emit *e, const char *kind);
void write_etag(uint64_t seed, char out[SIM_ETAG_SIZE]);
void emit_etag(struct emit *e, uint64_t seed);
/* Begins an answer whose etag depends on its CONTENT. False: the asker has it already, and 304 is the answer. */
bool begin_unless_same(struct call *call, struct emit *e, const char *kind, uint64_t content);
/* Whether PART is one of those asked for. */
bool has_part(const struct call *call, const char *part);
void emit_page_info(struct emit *e, int64_t total, int64_t per_page);
/* Search gives three sizes; videos.list ALL of them. */
void emit_thumbnails(struct emit *e, const struct call *call, const struct world_video *video, bool all);
/* "none", "upcoming", "live" */
const char *live_content(const struct call *call, const struct world_video *video);
