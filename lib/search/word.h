/*
 * A word of a text while it is read: its letters, folded (base/unicode.h), and where in the text they stand. Strokes and dots that Unicode
 * does not take off are taken off here (ø, ł, ı), and a letter and its sign become one where there is one, so that the same word in any
 * Unicode form has the same letters.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct letter {
	uint32_t c;
	size_t start, end; /* in the text: whole characters, with what was dropped after them */
};

struct word {
	struct letter *letters;
	size_t count, room;
	char *text; /* of what was written last */
};

void word_clear(struct word *word);

/* Adds a letter, which stands from START to END. False without memory. */
MUST_USE bool word_add(struct word *word, uint32_t c, size_t start, size_t end);

/* The same of a sign (enum unicode_kind), which goes to its place after the letter. */
MUST_USE bool word_add_sign(struct word *word, uint32_t sign, size_t start, size_t end);

/* The last letter stands up to END: what comes there does not count. */
void word_extend(struct word *word, size_t end);

/* COUNT letters from FIRST on as UTF-8, *LEN bytes without a NUL. Borrowed until the next call. */
const char *word_write(struct word *word, size_t first, size_t count, size_t *len);
