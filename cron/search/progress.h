/* Inside the search job only: how far a search job has come, and the window that it asks for next. */
#pragma once

#include "cron/budget/plan.h"
#include "cron/window.h"
#include "model/coverage.h"
#include "model/doubt.h"

/* A job in progress. */
struct progress {
	const struct search_job *job;
	int64_t top;          /* upper end of what it asks for, inclusive */
	struct window window; /* of the next page; AT is when the first answer was given: coverage never goes past it */
	int64_t page_s;       /* it is so long; 0 = down to the end */
	int64_t reached;      /* everything from here to AT, or TOP, has been read */
	int64_t pages;
	int64_t videos;              /* read in the window */
	int64_t late;                /* found where it had been read before */
	int nothing_new;             /* pages in a row without a new video that went no further down either */
	bool worthwhile;             /* another page should be read */
	int narrowed;                /* windows, for their pages were doubted */
	enum gap_reason rest;        /* why what is below was not read; GAP_NONE: it will be */
	bool doubted[DOUBT_COUNT];   /* why pages proved less than they should */
	int64_t choice_since;        /* from here on a page showed a choice, as may be; 0 = none did */
	bool repeated;               /* a later page told nothing and is read a second time */
	char token[PAGE_TOKEN_SIZE]; /* only where a single second fills a page */
};

/* Whether the job is a poll, which moves the query's rate and its next poll: neither a gap nor a second reading. */
bool progress_is_poll(const struct search_job *job);

/* Sets the window that ends at P->window.until. A short rest is read with it: what is below, or the overlap with what a poll has read
 * before. */
void progress_open_window(struct progress *p);

/* Whether the window can be narrowed for a doubt. */
bool progress_is_long(const struct progress *p);

/* Upper end of what is covered once it is read down to P->reached: never past the first answer. */
int64_t progress_upper_end(const struct progress *p);

/* Asks for a window that a page may hold: half of it when its page had no order, else a little more than what that showed. */
void progress_narrow(struct progress *p, const struct search_answer *answer);

/* Takes how far the page reaches, if it TELLS something, and where the next one begins: to be called before the page is sorted. An empty
 * first page is the end, whatever its token. */
void progress_take_reach(struct progress *p, const struct search_answer *answer, bool tells);

/* Ends a window that brings nothing new twice: YouTube may offer more for ever. FRESH videos were new on the page, which was asked for in
 * the state BEFORE. A page that is read again for being empty counts once, one that TELLS nothing for its results are from elsewhere does
 * not. */
void progress_take_novelty(struct progress *p, const struct search_answer *answer, bool tells, int64_t fresh,
                           const struct progress *before);
