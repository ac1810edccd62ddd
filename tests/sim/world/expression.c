#include "tests/sim/world/expression.h"

#include <string.h>

enum { TERM_BYTES = 256, SIDES_OF_FEW = 2 };

bool operators_of(const char *name, enum operators *out)
{
	static const char *const names[OPERATORS_COUNT] = {"plain", "union", "tight", "few"};

	for (enum operators operators = OPERATORS_PLAIN; operators < OPERATORS_COUNT; operators++) {
		if (strcmp(names[operators], name) == 0) {
			*out = operators;
			return true;
		}
	}
	return false;
}

/* A word or phrase, or a |. */
struct term {
	char text[TERM_BYTES];
	bool minus, either;
};

/* Reads the next term and moves *AT behind it; false at the end. What is too long is cut. */
static bool next_term(const char **at, struct term *out)
{
	*out = (struct term){.minus = false};
	*at += strspn(*at, " ");
	if (!**at)
		return false;
	if (**at == '|') {
		out->either = true;
		++*at;
		return true;
	}
	out->minus = **at == '-' && (*at)[1] && (*at)[1] != ' ';
	*at += out->minus;
	bool quoted = **at == '"';
	*at += quoted;
	size_t len = strcspn(*at, quoted ? "\"" : " |");
	memcpy(out->text, *at, len < TERM_BYTES ? len : TERM_BYTES - 1);
	*at += len;
	*at += quoted && **at == '"';
	return true;
}

bool expression_has_operators(const char *folded)
{
	struct term term;

	for (const char *at = folded; next_term(&at, &term);)
		if (term.either || term.minus)
			return true;
	return strchr(folded, '"') != NULL;
}

bool expression_mentions(const char *folded, const char *text)
{
	struct term term;

	for (const char *at = folded; next_term(&at, &term);)
		if (!term.either && !term.minus && strstr(text, term.text))
			return true;
	return false;
}

/* The texts of a video. */
struct texts {
	const char *title, *description;
};

static bool has_term(const struct texts *texts, const struct term *term)
{
	return strstr(texts->title, term->text) || strstr(texts->description, term->text);
}

static bool matches_union(const char *folded, int sides, const struct texts *texts)
{
	struct term term;
	bool words = false; /* this side has any */
	bool side = true;

	for (const char *at = folded; next_term(&at, &term);) {
		if (!term.either) {
			side = side && has_term(texts, &term) != term.minus;
			words = words || !term.minus;
			continue;
		}
		if (side && words)
			return true;
		if (--sides == 0)
			return false;
		side = true;
		words = false;
	}
	return side && words;
}

static bool matches_tight(const char *folded, const struct texts *texts)
{
	struct term term;
	bool any = false;    /* one of the words that | joins is there */
	bool open = false;   /* there are such words */
	bool joined = false; /* the last term was a | */
	bool matches = true;

	for (const char *at = folded; next_term(&at, &term);) {
		if (term.either) {
			joined = true;
			continue;
		}
		bool found = has_term(texts, &term);
		if (term.minus) {
			matches = matches && !found;
			continue;
		}
		if (!joined) { /* the next group begins */
			matches = matches && (!open || any);
			any = false;
		}
		any = any || found;
		open = true;
		joined = false;
	}
	return matches && open && any;
}

bool expression_matches(const char *folded, enum operators operators, const char *title, const char *description)
{
	struct texts texts = {title, description};

	if (operators == OPERATORS_TIGHT)
		return matches_tight(folded, &texts);
	return matches_union(folded, operators == OPERATORS_FEW ? SIDES_OF_FEW : -1, &texts);
}
