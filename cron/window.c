#include "cron/window.h"

#include <math.h>

#include "base/timestamp.h"
#include "model/index_lag.h"

enum {
	TRUSTED_TAIL = 3,     /* videos at the end of a page that tell how far down it reaches */
	ORDER_PERCENT = 80,   /* of neighbours on a page that is in order of time */
	OUTSIDE_PERCENT = 20, /* of a page from outside the window: it was ignored */
	CHOICE_ITEMS = 40,    /* on a page: one with fewer shows no choice */
	DROP_EXPECTED = 10,   /* where so many videos are expected … */
	DROP_PERCENT = 20,    /* … less than that of them is a sharp drop */
};

/* Of its window a page shows at least so much, or less than half of the best hundred can be. */
static const double choice_part = 0.55;
static const double choice_part_blind = 0.4;

bool window_has(const struct window *window, int64_t time)
{
	return time >= window->since && time <= window->until;
}

int64_t window_count(const struct window *window, const struct search_answer *answer)
{
	int64_t count = (int64_t)answer->bare.count;

	for (size_t i = 0; i < answer->videos.count; i++)
		count += window_has(window, answer->videos.items[i].published_at);
	return count;
}

bool window_is_ignored(const struct window *window, const struct search_answer *answer)
{
	int64_t all = (int64_t)(answer->videos.count + answer->bare.count);

	return (all - window_count(window, answer)) * 100 > all * OUTSIDE_PERCENT;
}

bool window_is_whole(const struct search_answer *answer)
{
	return answer->items == 0 || !answer->next_page_token[0];
}

bool window_is_in_order(const struct search_answer *answer)
{
	const struct video_list *videos = &answer->videos;
	size_t pairs = videos->count ? videos->count - 1 : 0;
	size_t descending = 0;

	for (size_t i = 1; i < videos->count; i++)
		descending += videos->items[i].published_at <= videos->items[i - 1].published_at;
	return descending * 100 >= pairs * ORDER_PERCENT;
}

double window_shown_s(const struct window *window, int64_t since, int64_t until)
{
	int64_t end = until < window->at ? until : window->at;

	return end > since ? (double)(end - since) - index_lag_unseen_s(since, end, window->at) : 0;
}

int64_t window_reached(const struct window *window, const struct search_answer *answer, int64_t fallback)
{
	int64_t newest = 0;
	int seen = 0;

	for (size_t i = answer->videos.count; i > 0 && seen < TRUSTED_TAIL; i--) {
		int64_t time = answer->videos.items[i - 1].published_at;

		if (!window_has(window, time))
			continue;
		newest = time > newest ? time : newest;
		seen++;
	}
	/* The rest of that second may be on the next page. */
	return seen ? newest + 1 : fallback;
}

int64_t window_oldest(const struct window *window, const struct search_answer *answer)
{
	int64_t oldest = window->until;
	bool any = false;

	for (size_t i = 0; i < answer->videos.count; i++) {
		int64_t time = answer->videos.items[i].published_at;

		if (!window_has(window, time))
			continue;
		oldest = time < oldest ? time : oldest;
		any = true;
	}
	return any ? oldest : window->since;
}

bool window_is_choice(const struct window *window, const struct search_answer *answer, bool blind)
{
	int64_t reached = window_reached(window, answer, window->until);
	double part =
	    window_shown_s(window, reached, window->until) / fmax(window_shown_s(window, window->since, window->until), 1);

	return !window_is_whole(answer) && answer->items >= CHOICE_ITEMS && part < choice_part &&
	       (!blind || part >= choice_part_blind);
}

bool window_is_drop(const struct window *window, const struct search_answer *answer)
{
	double expected = window->rate * window_shown_s(window, window->since, window->until) / SECONDS_PER_DAY;

	return window_is_whole(answer) && expected >= DROP_EXPECTED &&
	       (double)window_count(window, answer) * 100 < expected * DROP_PERCENT;
}
