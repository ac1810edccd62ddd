/*
 * Inside lib/store/postgres only: the words of a video as a tsvector, which is written and read here, and what a search text asks of it, a tsquery.
 *
 * A word is as search/tokenizer.h gives it, cut at WORD_BYTES_MAX. Its positions count up over title (weight A), description and channel title (B),
 * with a gap between these, so that no phrase goes from one to the next. The channel itself is a word too, which no text has.
 *
 * A tsvector keeps 255 positions of a word, and none above 16,383: a phrase that occurs only behind these is not found.
 */
#pragma once

#include "store/search/search_plan.h"

enum { DOCUMENT_BYTES_MAX = 1 << 24 };

/* A video's texts. CHANNEL is our id, 0 = none. */
struct document {
	const char *title, *description, *channel_title;
	int64_t channel;
};

/* Appends the tsvector of a video and adds its words to WORDS, which begun it (words_begin). Errors: ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool document_write(const struct document *document, struct words *words, struct buf *out, struct error *err);

/* Adds the words of a tsvector in text to WORDS. Errors: ERR_NO_MEMORY. */
MUST_USE bool document_count(const char *vector, struct words *words, struct error *err);

/* Appends the tsquery of a plan: its search text, its last prefix the plan's words if there are some, and with CHANNEL (0 = any) only what that has. Errors:
 * ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool document_query(const struct search_plan *plan, int64_t channel, struct buf *out, struct error *err);

/* What a match with this tsvector in text weighs: a word in the title counts more than any number of them in the channel's title, and these more than those
 * in the description. Errors: ERR_NO_MEMORY. */
MUST_USE bool document_weigh(const struct search_plan *plan, const char *vector, int64_t *out, struct error *err);
