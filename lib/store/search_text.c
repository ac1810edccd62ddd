#include "store/search_text.h"

#include <string.h>

#include "store/tokenizer.h"

enum { TERMS_MAX = 256 };

/* One word or phrase of the text. */
struct term {
	const char *text;
	size_t len;
	bool negative;  /* a '-' stood before it */
	bool or_before; /* an alternative to the term before it */
	bool beginning; /* matches words that begin with it */
};

struct terms {
	struct term items[TERMS_MAX];
	size_t count;
	bool or_pending; /* the last word was OR */
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Keeps a term that has something to search for. */
static bool add(struct store *store, struct terms *terms, struct term term, bool last, struct error *err)
{
	struct tokenized tokenized;

	if (!tokenizer_look(store->fts5, term.text, term.len, &tokenized))
		return error_no_memory(err);
	if (tokenized.tokens == 0 || terms->count == TERMS_MAX)
		return true;
	term.beginning = tokenized.last_is_single_unspaced || (last && tokenized.last_letters > 1);
	terms->items[terms->count++] = term;
	return true;
}

static bool is_or(const char *text, size_t len)
{
	return len == 2 && memcmp(text, "OR", 2) == 0;
}

/* Whether another word follows AT. */
static bool word_follows(const char *at)
{
	while (is_blank(*at))
		at++;
	return *at != '\0';
}

/* The closing quote of a phrase that begins at AT, NULL when there is none. */
static const char *phrase_end(const char *at)
{
	return *at == '"' ? strchr(at + 1, '"') : NULL;
}

/* Reads the term at *AT and moves behind it. */
static bool read_term(struct store *store, struct terms *terms, const char **at, struct error *err)
{
	struct term term = {.negative = **at == '-' && (*at)[1] && !is_blank((*at)[1]), .or_before = terms->or_pending};
	const char *text = *at + term.negative;
	const char *quote = phrase_end(text);

	terms->or_pending = false;
	term.text = quote ? text + 1 : text;
	term.len = quote ? (size_t)(quote - text - 1) : strcspn(text, " \t\n\v\f\r\"");
	*at = quote ? quote + 1 : text + term.len;
	if (term.len == 0) { /* an empty phrase, or a quote that nothing closes */
		*at += !quote;
		return true;
	}
	if (!quote && is_or(term.text, term.len) && terms->count && word_follows(*at) && !term.negative && !term.or_before) {
		terms->or_pending = true;
		return true;
	}
	/* "a OR -b" has no meaning: the minus is taken literally. */
	term.negative = term.negative && !term.or_before;
	return add(store, terms, term, !quote && !**at, err);
}

static bool read_terms(struct store *store, const char *text, struct terms *terms, struct error *err)
{
	while (*text) {
		if (is_blank(*text))
			text++;
		else if (!read_term(store, terms, &text, err))
			return false;
	}
	return true;
}

/* As a string of FTS5: everything between quotes is literal, quotes inside are doubled. */
static void write_term(const struct term *term, struct buf *out)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < term->len; i++) {
		if (term->text[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, term->text[i]);
	}
	buf_add_text(out, term->beginning ? "\" *" : "\"");
}

/* (a OR b) AND (c) … ; without positive terms the negative ones count as such. */
static void write_positive(const struct terms *terms, bool all, struct buf *out)
{
	bool first = true;

	for (size_t i = 0; i < terms->count; i++) {
		const struct term *term = &terms->items[i];

		if (term->negative && !all)
			continue;
		if (!first)
			buf_add_text(out, term->or_before ? " OR " : ") AND (");
		write_term(term, out);
		first = false;
	}
}

bool search_text_compile(struct store *store, const char *text, struct buf *out, struct error *err)
{
	struct terms terms = {0};
	bool any_positive = false;

	if (!read_terms(store, text, &terms, err))
		return false;
	if (terms.count == 0)
		return true;
	for (size_t i = 0; i < terms.count; i++)
		any_positive = any_positive || !terms.items[i].negative;
	buf_add_text(out, "((");
	write_positive(&terms, !any_positive, out);
	buf_add_text(out, "))");
	for (size_t i = 0; any_positive && i < terms.count; i++) {
		if (!terms.items[i].negative)
			continue;
		buf_add_text(out, " NOT ");
		write_term(&terms.items[i], out);
	}
	return buf_ok(out, err);
}
