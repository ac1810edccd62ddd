/*
 * The YouTube Data API as newsreel uses it: a request in, a complete answer out. Free of HTTP and of clocks, so that it runs
 * behind a server (main.c) and inside a test (tests/support/sim_transport.h) alike. Shapes, errors and quirks are those of
 * recorded answers; what stands for sure is in https://developers.google.com/youtube/v3/docs.
 */
#pragma once

#include "base/buf.h"
#include "tests/sim/faults.h"
#include "tests/sim/projects.h"
#include "tests/sim/world.h"

struct sim {
	struct world *world; /* borrowed */
	struct projects projects;
	struct faults faults;
	const char *pictures;   /* base of thumbnail URLs; borrowed */
	double without_snippet; /* share of search items that come without */
	double swapped;         /* share of search items that change places with the next one */
	int64_t keys_in_urls;   /* calls that carried a key in the URL */
};

struct sim_request {
	const char *path;  /* "/youtube/v3/search" */
	const char *query; /* without '?' */
	const char *key;   /* of the X-Goog-Api-Key header, NULL when there is none */
};

enum { SIM_BODY_MAX = 4 * 1024 * 1024 };

struct sim_response {
	int status;
	const char *content_type;
	struct buf body;
	enum fault fault; /* to be acted out by the carrier: FAULT_CUT, FAULT_TRUNCATED, FAULT_SLOW; otherwise FAULT_NONE */
};

void sim_response_clear(struct sim_response *response);

/* Answers REQUEST at NOW. OUT is to be cleared by the caller. Errors: ERR_NO_MEMORY. */
MUST_USE bool sim_answer(struct sim *sim, const struct sim_request *request, int64_t now, struct sim_response *out,
                         struct error *err);
