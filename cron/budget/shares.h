/* What all budget categories reckon with: the state of the queries, the searches that are left, and each category's share of them.
 * Pure functions. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "model/followed_channel.h"
#include "model/key.h"
#include "model/query.h"
#include "model/schedule.h"

struct budget_input {
	int64_t now;
	int64_t day;                      /* first second of the Pacific day of NOW (model/quota_day.h) */
	int64_t reset;                    /* first second of the next one */
	int64_t interval_s;               /* between runs */
	int64_t start_days;               /* how far back a new query begins */
	bool scouts;                      /* quiet queries may share searches */
	int64_t waiting;                  /* videos that wait for videos.list */
	int64_t recounts;                 /* new ones whose numbers are worth asking for again */
	const struct query_list *queries; /* active ones, by id, with their coverage */
	const struct key_list *keys;
	const struct schedule_table *schedule;
	const struct followed_list *followed; /* channels; NULL = none */
};

/* ---- queries ---- */

bool budget_is_visitor(const struct query *query);

/* Nothing of QUERY has been read yet. */
bool budget_is_new(const struct query *query);

/* Seconds that QUERY has waited for its newest videos. One whose polls cover nothing waits no longer than the others. */
int64_t budget_wait(const struct budget_input *input, const struct query *query);

/* QUERY had less than its part of the searches made today: half of them belong to the owner's queries, by priority, whatever YouTube
 * answers to one of them. */
bool budget_is_short(const struct budget_input *input, const struct query *query);

/* QUERY failed lately, and its pause is not over. */
bool budget_is_backing_off(const struct budget_input *input, const struct query *query);

/* Seconds since THEN. A clock that was set back leaves nothing to go by: a day then. */
int64_t budget_ago(const struct budget_input *input, int64_t then);

/* QUERY may share a search with others now: it brings little, and its text means the same beside theirs. */
bool budget_may_share(const struct budget_input *input, const struct query *query);

/* The part of its polls that QUERY keeps beside the searches that it shares. */
double budget_polls_kept(const struct budget_input *input, const struct query *query);

/* How much the wait of QUERY weighs: the root of its videos a day, which makes the mean delay of a video smallest. */
double budget_weight(const struct query *query);

/* Videos that polls of QUERY read in a day: the new ones, and those that overlapping windows show again. */
double budget_videos_a_day(const struct query *query);

/* Seconds of publication time whose videos fill a page of QUERY's results, and a fifth more; less than a page where pages lately came
 * without order, so that only whole answers count; 0 = its rate is unknown. */
int64_t budget_page_s(const struct query *query);

/* ---- searches ---- */

/* Of LEFT searches those that are not held in reserve. */
double budget_unreserved(int64_t left);

/* Milliseconds from one search to the next if what is left shall last until the reset. */
double budget_pause_ms(const struct budget_input *input);

/* The part of a day's searches that the newest videos need, 0 to 1. */
double budget_scarcity(const struct budget_input *input);

/* The part of the searches left that CATEGORY may have; 1 for those that have no share of their own. */
double budget_share(const struct budget_input *input, enum budget_category category);
