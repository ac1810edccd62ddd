/* Inside the search job only: what a page of a search proves. Pure functions: a page is looked at in YouTube's order, before it is sorted. */
#pragma once

#include "cron/search/progress.h"

/* What a page proves. */
struct proof {
	bool doubted; /* it covers nothing */
	bool narrows; /* and its window is asked for again, but shorter */
	bool tells;   /* it covers what it shows */
	bool again;   /* its window is asked for once more: a later page holds at least the last video of the one before */
};

/* Judges a page that was asked for in the state P. */
struct proof proof_judge(const struct progress *p, const struct search_answer *answer);

/* Notes in P what the status is to say of the page. */
void proof_note_doubts(struct progress *p, const struct search_answer *answer);

/* Whether a silence that is no proof is believed: after some polls in a row, where a gap was tried before, where another reading said
 * the same. */
bool proof_is_silence_believed(const struct search_job *job);
