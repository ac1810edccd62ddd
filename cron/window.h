/*
 * The window of publication time that a search asks for, and what an answer proves about it. Pure functions: an answer is looked at in
 * YouTube's order, before its videos are sorted.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "youtube/client.h"

struct window {
	int64_t since; /* publication times, both ends inclusive */
	int64_t until;
	int64_t at;  /* when the answer was given */
	double rate; /* videos that the query brings in a day, 0 = unknown */
};

bool window_has(const struct window *window, int64_t time);

/* Videos of the answer in the window: results from outside tell nothing about it. Of some the id alone is told; they count. */
int64_t window_count(const struct window *window, const struct search_answer *answer);

/* Whether many of the results are from outside the window. */
bool window_is_ignored(const struct window *window, const struct search_answer *answer);

/* Whether the answer has all that the search found, down to the end of the window. */
bool window_is_whole(const struct search_answer *answer);

/* Whether its videos come in order of time, the newest first: four fifths of neighbours do. */
bool window_is_in_order(const struct search_answer *answer);

/* So many seconds' videos the index shows of those published from SINCE to UNTIL. */
double window_shown_s(const struct window *window, int64_t since, int64_t until);

/* How far down a page in YouTube's order reaches: to the newest of its last few videos, since that order is not strict, and single
 * videos turn up that are older than asked for. FALLBACK when no video is in the window. */
int64_t window_reached(const struct window *window, const struct search_answer *answer, int64_t fallback);

/* The oldest video of the answer in the window, its lower end without any. */
int64_t window_oldest(const struct window *window, const struct search_answer *answer);

/* Whether the page shows hardly more than half of the window, or less: YouTube may have sorted only the best of its videos, as long as nothing else
 * tells how many there are. With BLIND set, for a window of any length, nothing does: only what a choice of a hundred looks like is one. */
bool window_is_choice(const struct window *window, const struct search_answer *answer, bool blind);

/* Whether a whole answer has far fewer videos than the query brings: that is no proof of silence. */
bool window_is_drop(const struct window *window, const struct search_answer *answer);
