/*
 * What to ask YouTube in this tick: a pure function of queries, keys and time. It reads no clock and touches no store, so every
 * rule is tested by itself.
 *
 * The policy, in its simple form:
 *   - a new key is tried with one call of one unit;
 *   - a new query of the owner is polled at once;
 *   - all others are polled evenly over what is left of the Pacific day, longest waiting first, with four fifths of the searches:
 *     the rest is for further pages and new queries;
 *   - visitors' queries share one fifth of the searches, one poll at a time, and get no further pages;
 *   - videos that are new get their second look at once, a backlog (an import, say) evenly over the day.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/key.h"
#include "model/query.h"

enum call_kind {
	CALL_TRY_KEY, /* one unit, to learn whether a key is good */
	CALL_SEARCH,  /* poll a query */
	CALL_DETAILS  /* videos.list for what waits for its second look */
};

struct call {
	enum call_kind kind;
	int64_t key_id;            /* of CALL_TRY_KEY */
	const struct query *query; /* of CALL_SEARCH; borrowed from the input */
	int64_t since;             /* its window of publication times, both ends inclusive */
	int64_t until;
	int further_pages;    /* at most, after the first */
	int64_t next_poll_at; /* when it is due again */
};

struct plan {
	struct call *calls; /* in the order to make them */
	size_t count;
};

struct plan_input {
	int64_t now;
	int64_t day;                      /* first second of the Pacific day of NOW (base/pacific.h) */
	int64_t reset;                    /* first second of the next one */
	int64_t interval_s;               /* between ticks */
	int64_t start_days;               /* how far back a new query begins */
	int64_t unchecked;                /* videos that wait for their second look */
	const struct query_list *queries; /* active ones, by id */
	const struct key_list *keys;
};

enum { PLAN_FURTHER_PAGES = 3, PLAN_OVERLAP_S = 24 * 3600 };

/* Errors: ERR_NO_MEMORY. */
MUST_USE bool plan_make(const struct plan_input *input, struct plan *out, struct error *err);

void plan_clear(struct plan *plan);

/* What is left of a bucket today over all projects whose keys can be used; each project counts once. */
int64_t plan_left(const struct key_list *keys, enum bucket bucket, int64_t now);
