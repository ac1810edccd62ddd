/* A simulator: its world, its keys, what goes wrong, and how often; what it is asked, and its answers. */
#pragma once

#include "base/buf.h"
#include "tests/sim/api/faults.h"
#include "tests/sim/hub/hub.h"
#include "tests/sim/api/projects.h"
#include "tests/sim/world/world.h"

struct sim {
	struct world *world; /* borrowed */
	struct projects projects;
	struct faults faults;
	const char *pictures;   /* base of thumbnail URLs; borrowed */
	double without_snippet; /* share of search items that come without */
	double swapped;         /* share of search items that change places with the next one */
	double withheld;        /* share of search items that a page lacks although more follow */
	double endless;         /* share of searches that promise a page after the last one: it is empty */
	double unordered;       /* share of searches whose order=date has no effect */
	double unbounded;       /* share of searches whose publishedAfter and publishedBefore have no effect */
	double untitled;        /* share of search items with an empty title */
	int64_t pool;           /* search takes that many of a window, the most popular, before it sorts; 0 = all */
	double dropped;         /* share of videos that videos.list leaves out although they are there */
	double feed_spells;     /* share of a channel's hours in which its feed is not to be had */
	int64_t count_lag_s;    /* how late channels.list counts a channel's videos */
	struct hub *hub;        /* borrowed; NULL: there is none */
	int64_t keys_in_urls;   /* calls that carried a key in the URL */
	int64_t unknown_count;  /* parameters that no method of YouTube's has; they are ignored */
	char unknown[64];       /* the last of them */
};

/* The share of SIM or of its hub with this name, as in the help of newsreel-sim; NULL when there is none. */
double *sim_quirk(struct sim *sim, const char *name);

struct sim_request {
	const char *path;  /* "/youtube/v3/search" */
	const char *query; /* without '?' */
	const char *key;   /* of the X-Goog-Api-Key header, NULL when there is none */
	const char *form;  /* the body of a POST, NULL when there is none */
	const char *etag;  /* of the If-None-Match header, NULL when there is none */
};

enum { SIM_BODY_MAX = 4 * 1024 * 1024, SIM_HEADERS_MAX = 6, SIM_ETAG_SIZE = 28 };

struct sim_header {
	const char *name;
	char value[64];
};

struct sim_response {
	int status;
	const char *content_type;
	struct sim_header headers[SIM_HEADERS_MAX];
	size_t header_count;
	struct buf body;
	/* Left to the transport: FAULT_CUT, FAULT_TRUNCATED, FAULT_SLOW, FAULT_RESET, FAULT_LENGTH; otherwise
	 * FAULT_NONE. */
	enum fault fault;
};

void sim_response_clear(struct sim_response *response);

/* The value of a header, NULL when it is not there. */
const char *sim_response_header(const struct sim_response *response, const char *name);

/* Adds a header, one of at most SIM_HEADERS_MAX. VALUE is copied. */
void sim_response_add(struct sim_response *response, const char *name, const char *value);
