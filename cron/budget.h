/*
 * What to ask YouTube in this tick: a pure function of queries, keys, schedule and time. It reads no clock and touches no store, so every
 * rule is tested by itself. docs/recording.md explains the policy to a user.
 *
 * Searches are scarce, so they have rules; each is a function in plan.c:
 *   - they are spread evenly over what is left of the Pacific day, a twentieth kept back: one has its turn, the next a pause later;
 *   - a new query of the owner has its first page at once, until half of the day's searches have gone to new ones;
 *   - visitors' queries have a fifth of the turns, the longest waiting first;
 *   - gaps have the turns that the newest videos do not need: a twentieth to a half, the least tried first;
 *     both they and second readings wait while a query has waited twice as long as it should;
 *   - a reading that a fault cut short is finished first, while it is of today;
 *   - a tenth goes to second readings, where late videos are to be expected (cron/backfill.h);
 *   - all others look for the newest videos: of queries that have waited for most of a day, else of the one for which the wait
 *     weighs most. The weight grows with the root of what a query brings, which makes the mean delay of a video smallest.
 * Units are plenty: what waits for videos.list is asked for at once, a backlog evenly over the day. A kind of call that joins later
 * (uploads lists at one unit, several quiet queries in one search) is one more function of this form.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/key.h"
#include "model/schedule.h"
#include "model/query.h"

/* Searches for the videos of one interval of time: a page, and further ones. */
struct reading {
	enum budget_category category;
	const struct query *query; /* borrowed from the input */
	int64_t since;             /* publication times, both ends inclusive */
	int64_t until;
	int64_t enough; /* down to here every page is wanted, below only while pages bring many late videos */
	int pages_max;
	int64_t next_poll_at; /* when the query should have its turn again; not for GAPS and AGAIN */
};

enum call_kind {
	CALL_TRY_KEY, /* one unit, to learn whether a key is good */
	CALL_READ,    /* search.list */
	CALL_LOOKUP   /* videos.list for what waits for it */
};

struct call {
	enum call_kind kind;
	int64_t key_id;         /* of CALL_TRY_KEY */
	struct reading reading; /* of CALL_READ */
};

struct plan {
	struct call *calls; /* in the order to make them */
	size_t count;
};

struct plan_input {
	int64_t now;
	int64_t day;                      /* first second of the Pacific day of NOW (model/quota_day.h) */
	int64_t reset;                    /* first second of the next one */
	int64_t interval_s;               /* between ticks */
	int64_t start_days;               /* how far back a new query begins */
	int64_t waiting;                  /* videos that wait for videos.list */
	const struct query_list *queries; /* active ones, by id, with their coverage */
	const struct key_list *keys;
	const struct schedule_table *schedule;
};

/* Errors: ERR_NO_MEMORY. */
MUST_USE bool plan_make(const struct plan_input *input, struct plan *out, struct error *err);

void plan_clear(struct plan *plan);

/* Whether it is the turn of another search. */
bool plan_is_turn(const struct plan_input *input);

/* Takes SEARCHES that were made for PURPOSE into account, and writes down how the rest of the day will be used. */
void plan_pay(const struct plan_input *input, enum budget_category category, int64_t searches, struct schedule_table *schedule);

/* Writes down how what is left of the day will be used: what a payment does too. */
void plan_outlook(const struct plan_input *input, struct schedule_table *schedule);

/* What is left of a bucket today over all projects whose keys can be used; each project counts once. */
int64_t plan_left(const struct key_list *keys, enum bucket bucket, int64_t now);
