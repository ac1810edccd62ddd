/*
 * Which parts of a text a search text matches, for pages and feeds to mark. The tokenizer of the search decides, so what is marked is
 * what was found: words in any form, phrases, prefixes, parts of running Chinese, Japanese, Korean and Thai
 * text. Words after a minus are never marked.
 *
 *	AUTO(highlight_close) struct highlight *h = NULL;
 *	AUTO(marked_text_clear) struct marked_text title = {0};
 *	if (!highlight_open(words, &h, err) || !highlight_mark(h, video->title, 0, &title, err)) …
 *	for each part: text, len, marked
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct highlight;

/* An interval of the text; all parts together are the text, or the snippet of it. */
struct text_part {
	const char *text; /* borrowed from the text that was marked; not ended by a NUL */
	size_t len;
	bool marked;
};

struct marked_text {
	struct text_part *parts;
	size_t count;
	bool cut_before; /* a snippet: more comes before … */
	bool cut_after;  /* … and after */
};

void marked_text_clear(struct marked_text *marked);

/* Reads WORDS (NULL or "" marks nothing) for any number of texts. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool highlight_open(const char *words, struct highlight **out, struct error *err);
void highlight_close(struct highlight **highlight);

/* The parts of TEXT. With SNIPPET_BYTES (0 = all of it) only about so much, from the beginning or from shortly before the first match
 * if that is further down, cut at blanks where there are some. Errors: ERR_NO_MEMORY. */
MUST_USE bool highlight_mark(const struct highlight *highlight, const char *text, size_t snippet_bytes, struct marked_text *out,
                             struct error *err);
