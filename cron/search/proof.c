#include "cron/search/proof.h"

enum {
	EMPTIES_BELIEVED = 3, /* empty answers in a row, where nothing is known */
	NARROWED_MAX = 4,     /* windows of a job, for doubts: the next one begins with what this one learnt */
};

/* Whether to look for choices. A busy hour looks like one too, and to make sure costs a search: polls do it where nothing tells how many
 * videos there are, or where choices were shown lately; what is read only once, always. */
static bool is_suspicious(const struct progress *p)
{
	return progress_is_long(p) &&
	       (!progress_is_poll(p->job) || p->page_s == 0 || p->job->query->doubted_at[DOUBT_CHOICE] > 0);
}

/* A page that covers nothing, for others may be missing between its videos. */
static bool is_doubted(const struct progress *p, const struct search_answer *answer)
{
	return !window_is_whole(answer) && window_count(&p->window, answer) > 0 &&
	       (!window_is_in_order(answer) || (is_suspicious(p) && window_is_choice(&p->window, answer, p->page_s == 0)));
}

bool proof_is_silence_believed(const struct search_job *job)
{
	return progress_is_poll(job) ? job->query->empties + 1 >= EMPTIES_BELIEVED
	                             : job->tried || job->category == BUDGET_SECOND_READINGS;
}

void proof_note_doubts(struct progress *p, const struct search_answer *answer)
{
	p->doubted[DOUBT_ORDER] |= !window_is_whole(answer) && !window_is_in_order(answer);
	p->doubted[DOUBT_WINDOW] |= window_is_ignored(&p->window, answer);
	p->doubted[DOUBT_SILENCE] |= window_is_drop(&p->window, answer);
}

struct proof proof_judge(const struct progress *p, const struct search_answer *answer)
{
	bool empty = answer->items == 0 && p->pages == 0;
	bool silent = window_is_drop(&p->window, answer) && !proof_is_silence_believed(p->job);
	struct proof proof = {.doubted = is_doubted(p, answer)};

	proof.narrows = proof.doubted && progress_is_long(p) && p->narrowed < NARROWED_MAX;
	proof.tells = !proof.doubted && !silent && (empty || window_count(&p->window, answer) > 0);
	proof.again = !proof.doubted && !proof.tells && !p->repeated;
	return proof;
}
