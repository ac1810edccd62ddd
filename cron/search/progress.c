#include "cron/search/progress.h"

#include <string.h>

#include "base/timestamp.h"

enum {
	OVERLAP_S = SECONDS_PER_HOUR,    /* so far below what was read a poll reaches at least */
	REST_PART = 6,                   /* a rest of a sixth of a window has none of its own */
	WIDER_PART = 4,                  /* windows grow by a quarter while they would not hold many more videos than these, */
	FULL_MAX = 60,                   /* which fill a page, */
	WHOLE_MAX = 40,                  /* or, where only whole answers count, do not */
	NARROWED_MIN_S = 2 * PAGE_MIN_S, /* a window that is shorter is not narrowed for a doubt */
	NOTHING_NEW_MAX = 2,             /* pages in a row that bring nothing new: the window has nothing else */
};

bool progress_is_poll(const struct search_job *job)
{
	return job->category != BUDGET_GAPS && job->category != BUDGET_SECOND_READINGS;
}

int64_t progress_upper_end(const struct progress *p)
{
	return p->window.at < p->top ? p->window.at : p->top;
}

/* ---- windows ---- */

void progress_open_window(struct progress *p)
{
	const struct search_job *job = p->job;
	int64_t rest = job->enough - OVERLAP_S > job->since ? job->enough - OVERLAP_S : job->since;
	int64_t since = (p->window.until < job->until ? p->window.until : job->until) - p->page_s;

	if (since > rest && since - rest <= p->page_s / REST_PART)
		since = rest;
	p->window.since = p->page_s && since > job->since ? since : job->since;
	p->token[0] = '\0';
}

bool progress_is_long(const struct progress *p)
{
	return p->window.until - p->window.since >= NARROWED_MIN_S;
}

/* ---- how far it reaches ---- */

/* Videos of the page in what it adds to what was read: from REACHED on. */
static int64_t count_read(const struct progress *p, const struct video_list *videos, int64_t reached)
{
	int64_t count = 0;

	for (size_t i = 0; i < videos->count; i++)
		count += window_has(&p->window, videos->items[i].published_at) && videos->items[i].published_at >= reached &&
		         (p->pages == 0 || videos->items[i].published_at < p->reached);
	return count;
}

void progress_narrow(struct progress *p, const struct search_answer *answer)
{
	int64_t shown = p->window.until - window_reached(&p->window, answer, p->window.since);
	int64_t half = (p->window.until - p->window.since) / 2;
	bool in_order = window_is_in_order(answer);

	p->narrowed++;
	p->choice_since = in_order ? window_reached(&p->window, answer, p->window.until) : 0;
	p->page_s = in_order ? shown + shown / REST_PART : half;
	progress_open_window(p);
}

/* Where the next page begins: with the last video of this one as a canary. Where a second fills a page, with YouTube's next one. */
static void go_on_below(struct progress *p, const struct search_answer *answer)
{
	int64_t until = window_is_whole(answer) ? window_oldest(&p->window, answer) : p->reached - 1;
	int64_t wider = p->page_s + p->page_s / WIDER_PART;
	int64_t most = p->narrowed || p->job->query->doubted_at[DOUBT_ORDER] ? WHOLE_MAX : FULL_MAX;

	if (window_is_whole(answer) && window_count(&p->window, answer) * wider <= most * p->page_s)
		p->page_s = wider;
	if (until < p->window.until) {
		p->window.until = until;
		progress_open_window(p);
	} else {
		memcpy(p->token, answer->next_page_token, strlen(answer->next_page_token) + 1);
	}
}

void progress_take_reach(struct progress *p, const struct search_answer *answer, bool tells)
{
	int64_t reached = tells && window_is_whole(answer) ? p->window.since : window_reached(&p->window, answer, p->reached);

	p->videos += tells ? count_read(p, &answer->videos, reached) : 0;
	p->pages++;
	if (!tells)
		return;
	p->reached = reached < p->reached ? reached : p->reached;
	go_on_below(p, answer);
}

void progress_take_novelty(struct progress *p, const struct search_answer *answer, bool tells, int64_t fresh,
                           const struct progress *before)
{
	if (fresh > 0 || p->reached < before->reached)
		p->nothing_new = 0;
	else if (tells || (answer->items == 0 && !p->repeated))
		p->nothing_new++;
	if (p->nothing_new < NOTHING_NEW_MAX)
		return;
	p->nothing_new = 0;
	p->doubted[DOUBT_PAGES] = true;
	p->reached = p->window.until = before->window.since;
	progress_open_window(p);
}
