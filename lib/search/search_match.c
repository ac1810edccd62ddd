#include "search/search_match.h"

static bool has(const struct text_tokens *text, const char *words, const struct term *term)
{
	size_t end;

	for (size_t at = 0; at < text->count; at = text_tokens_next(text, at))
		if (text_tokens_match(text, at, words, term, &end))
			return true;
	return false;
}

static bool any_has(const struct text_tokens *texts, size_t count, const char *words, const struct term *term)
{
	for (size_t i = 0; i < count; i++)
		if (has(&texts[i], words, term))
			return true;
	return false;
}

bool search_matches(const struct search_text *search, const struct text_tokens *texts, size_t count)
{
	bool group = false; /* one of the alternatives so far */
	bool any = false;   /* something to search for has come */

	for (size_t i = 0; i < search->count; i++) {
		const struct term *term = &search->terms[i];
		bool found = any_has(texts, count, buf_text(&search->tokens), term);

		if (term->negative && found)
			return false;
		if (term->negative)
			continue;
		if (any && !term->or_before && !group)
			return false;
		group = found || (term->or_before && group);
		any = true;
	}
	return group;
}
