#include "store/search/search_estimate.h"

#include <string.h>

#include "store/search/term_stats.h"

enum { ANY_NUMBER = 1 << 30 };

/* The rarest token of a term; a prefix counts as anything. */
static bool estimate_term(struct store *store, const struct search_text *search, const struct term *term, int64_t *out,
                          struct error *err)
{
	const char *at = search->tokens.data + term->at;
	const char *end = at + term->len;

	*out = ANY_NUMBER;
	while (at < end) {
		size_t len = strcspn(at, " ");
		int64_t videos;

		if (!term->prefix || at < search->tokens.data + term->last_at) {
			if (!word_videos(store, at, len, &videos, err))
				return false;
			*out = videos < *out ? videos : *out;
		}
		at += len + 1;
	}
	return true;
}

bool search_estimate(struct store *store, const struct search_text *search, int64_t prefix_videos, int64_t *out,
                     struct error *err)
{
	const struct term *last = search_text_last_prefix(search);
	int64_t alternatives = 0;

	*out = ANY_NUMBER;
	for (size_t i = 0; i < search->count; i++) {
		const struct term *term = &search->terms[i];
		int64_t videos;

		if (term->negative)
			continue;
		if (!estimate_term(store, search, term, &videos, err))
			return false;
		videos = term == last && prefix_videos < videos ? prefix_videos : videos;
		alternatives = term->or_before ? alternatives + videos : videos;
		/* The group ends where the next one begins. */
		if ((i + 1 == search->count || !search->terms[i + 1].or_before) && alternatives < *out)
			*out = alternatives;
	}
	return true;
}
