/* What a search with operators asks for: words, "phrases", | for one or the other, - for none of it. How they belong together is
 * disputed, so it can be chosen. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum operators {
	OPERATORS_PLAIN, /* they are characters like others */
	OPERATORS_UNION, /* each side of | is a search of its own, with its own words and minus */
	OPERATORS_TIGHT, /* | binds tighter than a space, and a minus is for the whole search */
	OPERATORS_FEW,   /* as union, but only the first two sides count */
	OPERATORS_COUNT
};

/* "plain" "union" "tight" "few"; false when there is none of this name. */
bool operators_of(const char *name, enum operators *out);

/* Whether FOLDED has any, or quotes. */
bool expression_has_operators(const char *folded);

/* Whether one of the words or phrases that FOLDED asks for occurs in the folded TEXT. */
bool expression_mentions(const char *folded, const char *text);

/* Whether the folded TITLE and DESCRIPTION are what FOLDED asks for. */
bool expression_matches(const char *folded, enum operators operators, const char *title, const char *description);
