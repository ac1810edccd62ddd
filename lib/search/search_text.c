#include "search/search_text.h"

#include <string.h>

#include "search/tokenizer.h"

enum { TOKENS_BYTES_MAX = 8 * 1024 };

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ---- the tokens of a term ---- */

struct reading {
	struct buf *tokens;
	struct term term;
	size_t last_letters;
	bool last_unspaced;
};

static bool on_token(void *context, const struct token *token)
{
	struct reading *reading = context;
	struct term *term = &reading->term;

	if (term->len)
		buf_add_char(reading->tokens, ' ');
	term->last_at = reading->tokens->len;
	buf_add(reading->tokens, token->text, token->len);
	term->len = reading->tokens->len - term->at;
	reading->last_letters = token_letters(token);
	reading->last_unspaced = token->unspaced;
	return true;
}

/* Keeps a term that has something to search for; LAST is the one that ends the text. A pair of letters of a script without spaces is
 * a whole token; one such letter is a prefix of pairs. */
static bool add(struct search_text *search, const char *text, size_t len, struct term term, bool last, struct error *err)
{
	struct reading reading = {.tokens = &search->tokens, .term = term};

	reading.term.at = search->tokens.len;
	if (search->count == SEARCH_TERMS_MAX)
		return true;
	if (!tokenize(TOKENS_OF_QUERY, text, len, on_token, &reading))
		return error_no_memory(err);
	search->begun = true;
	search->last_kept = reading.term.len > 0;
	if (search->last_kept) {
		reading.term.prefix =
		    reading.last_unspaced ? reading.last_letters == 1 : last && !term.negative && reading.last_letters > 1;
		buf_add_char(&search->tokens, '\0');
		search->terms[search->count++] = reading.term;
	}
	return buf_ok(&search->tokens, err);
}

/* ---- the syntax ---- */

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

/* Reads the term at *AT and moves after it. */
static bool read_term(struct search_text *search, const char **at, struct error *err)
{
	struct term term = {.negative = **at == '-' && (*at)[1] && !is_blank((*at)[1]), .or_before = search->or_pending};
	const char *text = *at + term.negative;
	const char *quote = phrase_end(text);
	size_t len = quote ? (size_t)(quote - text - 1) : strcspn(text, " \t\n\v\f\r\"");

	search->or_pending = false;
	text = quote ? text + 1 : text;
	*at = quote ? quote + 1 : text + len;
	if (len == 0) { /* an empty phrase, or a quote that nothing closes */
		*at += !quote;
		return true;
	}
	if (!quote && is_or(text, len) && search->begun && word_follows(*at) && !term.negative && !term.or_before) {
		search->or_pending = search->last_kept;
		return true;
	}
	/* "a OR -b" has no meaning: the minus is taken literally. */
	term.negative = term.negative && !term.or_before;
	return add(search, text, len, term, !quote && !**at, err);
}

/* A text of nothing but -words is searched for those words. */
static void mend_signs(struct search_text *search)
{
	for (size_t i = 0; i < search->count; i++)
		if (!search->terms[i].negative)
			return;
	for (size_t i = 0; i < search->count; i++)
		search->terms[i].negative = false;
}

bool search_text_read(const char *text, struct search_text *out, struct error *err)
{
	*out = (struct search_text){.tokens = BUF(TOKENS_BYTES_MAX)};
	while (*text) {
		if (is_blank(*text))
			text++;
		else if (!read_term(out, &text, err))
			return false;
	}
	mend_signs(out);
	return true;
}

void search_text_clear(struct search_text *search)
{
	buf_clear(&search->tokens);
	search->count = 0;
}

const struct term *search_text_last_prefix(const struct search_text *search)
{
	const struct term *last = search->count ? &search->terms[search->count - 1] : NULL;

	return last && last->prefix && !last->negative ? last : NULL;
}
