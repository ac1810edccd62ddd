/*
 * Whether a video's title matches the text of a tracked query, without a search index: for videos that YouTube's search did not give.
 *
 * The words are compared as those of a search text (search_text.h), whole words each. All must be in the title or in the channel's
 * title, and at least one in the title: a channel's name does not make all of its videos match. The syntax is YouTube's: "a phrase",
 * a|b for either, -word for none with it; a minus holds for the whole query.
 */
#pragma once

#include "search/search_text.h"
#include "search/text_tokens.h"

/* The words of a tracked query, read once for any number of titles. */
struct title_words {
	struct term *terms;
	size_t count;
	char *words; /* the tokens of all terms */
};

/* Reads TEXT; without a letter in it nothing matches. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool title_words_read(const char *text, struct title_words *out, struct error *err);
void title_words_clear(struct title_words *words);

/* The titles of a video and of its channel, read once for any number of queries. */
struct title {
	struct text_tokens video, channel;
};

/* CHANNEL may be NULL. OUT is to be cleared in every case. Errors: ERR_NO_MEMORY. */
MUST_USE bool title_read(const char *video, const char *channel, struct title *out, struct error *err);
void title_clear(struct title *title);

bool title_matches(const struct title *title, const struct title_words *words);
