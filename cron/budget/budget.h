/*
 * What to ask YouTube in this run: a pure function of queries, keys, schedule and time. It reads no clock and touches no store, so
 * every rule is tested by itself. docs/recording.md explains the policy to a user.
 *
 * Searches are scarce. They are spread evenly over what is left of the Pacific day, a twentieth held in reserve, and a search goes
 * to the first category that has its turn (a file each):
 *   new_queries      the first page of an owner's new query, at once, until half of the day's searches have gone to them;
 *   visitors         visitors' queries: a fifth of the searches, the longest waiting first;
 *   unfinished       a poll that a fault cut short, while it is of today;
 *   gaps             what could not be read so far: what the newest videos do not need, a twentieth to a half, young ones first;
 *   second_readings  a fifth, where late videos are to be expected;
 *   scouts           where the owner wants them, half of what quiet queries would have: several of them in one search;
 *   newest           all others are polls: of queries that have waited for most of a day or had too few searches today, else of the
 *                    one whose wait weighs most.
 * Unfinished polls, gaps, second readings and scouts yield while a query had less than half of an equal share of the searches made
 * today, the last three also while one has waited for its poll two or three times as long as it should.
 *
 * Units are plenty: what waits for videos.list is looked up at once, a backlog evenly over the day (lookups). What they leave, but for a
 * twentieth of the day's, goes evenly over the day to the uploads lists of followed channels (channels). What no list can use, and half of that
 * twentieth, asks for the numbers of new videos again (recounts).
 */
#pragma once

#include "cron/budget/plan.h"
#include "cron/budget/shares.h"

/* The calls worth making now; to be cleared by the caller. Errors: ERR_NO_MEMORY. */
MUST_USE bool budget_plan(const struct budget_input *input, struct plan *out, struct error *err);

/* Whether the next search is due. */
bool budget_is_due(const struct budget_input *input);

/* Charges SEARCHES that were made to CATEGORY, and forecasts the rest of the day. */
void budget_charge(const struct budget_input *input, enum budget_category category, int64_t searches,
                   struct schedule_table *schedule);

/* Sets what is planned for each category: how what is left of the day will be used. */
void budget_forecast(const struct budget_input *input, struct schedule_table *schedule);
