/*
 * One call to YouTube with everything around it: which key, the charge before it, what its verdict means for the key, pauses and
 * further tries, another project's key in the same tick.
 */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "store/keys.h"
#include "youtube/client.h"

struct caller {
	struct store *store;
	const struct youtube *youtube;
	struct clock clock;
	struct quota_defaults quota;
	int64_t deadline;           /* UTC seconds: no further try begins after it */
	uint64_t *random;           /* state of the jitter */
	int64_t keys_set_aside;     /* because YouTube said that they are of no use */
	char why[224];              /* the last of them, in words */
	int64_t made[BUCKET_COUNT]; /* calls charged so far */
	int64_t passed_over[16];    /* ids of keys that failed in this tick without being to blame for sure */
	size_t passed_over_count;
};

/* How a call ended. */
enum called {
	CALLED,         /* the answer is there */
	CALL_FAILED,    /* not this time; the words are in *ERR */
	CALL_UNREACHED, /* it did not go out, and cost nothing: there is no way to YouTube now; the words are in *ERR */
	CALL_NO_QUOTA   /* no key is left for this bucket; the words are in *ERR */
};

/* Searches; OUT is filled on CALLED. AT receives the time that the answer was given (its Date, at most now). False: ERR says why
 * the tick cannot go on. */
MUST_USE bool caller_search(struct caller *caller, const struct search_request *request, struct search_answer *out, int64_t *at,
                            enum called *called, struct error *err);

/* The same for videos.list. KEY_ID 0 = any key, otherwise only that one. */
MUST_USE bool caller_details(struct caller *caller, int64_t key_id, const struct text_list *ids, struct details_answer *out,
                             enum called *called, struct error *err);
