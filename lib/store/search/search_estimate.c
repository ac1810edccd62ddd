#include "store/search/search_estimate.h"

#include <string.h>

#include "store/search/term_stats.h"

enum { ANY_NUMBER = 1 << 30 };

struct estimate estimate_of_any(void)
{
	return (struct estimate){0, ANY_NUMBER};
}

/* At most the rarest token of a term; at least that if there is no other. A prefix counts as anything, but for the last one. */
static bool estimate_term(struct store *store, const struct search_text *search, const struct term *term, struct estimate prefix,
                          struct estimate *out, struct error *err)
{
	const char *at = search->tokens.data + term->at;
	const char *end = at + term->len;
	bool one_word = term->at == term->last_at;

	*out = term == search_text_last_prefix(search) ? prefix : estimate_of_any();
	while (at < end) {
		size_t len = strcspn(at, " ");
		int64_t videos;

		if (len > WORD_BYTES_MAX) /* the statistics may have it cut */
			one_word = false;
		else if (!term->prefix || at < search->tokens.data + term->last_at) {
			if (!word_videos(store, at, len, &videos, err))
				return false;
			*out = (struct estimate){one_word ? videos : 0, videos < out->most ? videos : out->most};
		}
		at += len + 1;
	}
	if (!one_word)
		out->least = 0;
	return true;
}

/* A group of alternatives, of which one must be there. */
static void add_alternative(struct estimate *group, struct estimate term)
{
	group->least = term.least > group->least ? term.least : group->least;
	group->most += term.most;
}

/* Several groups, of which each must be there, may be in no video together. */
static void add_group(struct estimate *all, struct estimate group, bool alone)
{
	all->least = alone ? group.least : 0;
	all->most = group.most < all->most ? group.most : all->most;
}

bool search_estimate(struct store *store, const struct search_text *search, struct estimate prefix, struct estimate *out,
                     struct error *err)
{
	struct estimate all = estimate_of_any(), group = {0};
	int64_t excluded = 0;
	int groups = 0;

	for (size_t i = 0; i < search->count; i++) {
		const struct term *term = &search->terms[i];
		struct estimate videos;

		if (!estimate_term(store, search, term, prefix, &videos, err))
			return false;
		if (term->negative) {
			excluded += videos.most;
			continue;
		}
		if (groups == 0 || !term->or_before) {
			if (groups++ > 0)
				add_group(&all, group, false);
			group = (struct estimate){0};
		}
		add_alternative(&group, videos);
	}
	add_group(&all, group, groups == 1);
	all.least = all.least > excluded ? all.least - excluded : 0;
	*out = all;
	return true;
}
