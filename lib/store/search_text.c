#include "store/search_text.h"

#include <string.h>

#include "store/sqlite/tokenizer.h"

enum { ANY_NUMBER = 1 << 30 };

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ---- reading ---- */

/* Whether words beginning with the last token are meant. A pair of letters of a script without spaces is a whole token; one such
 * letter is the beginning of pairs. */
static bool is_beginning(const struct tokenized *tokenized, bool last)
{
	return tokenized->last_is_unspaced ? tokenized->last_letters == 1 : last && tokenized->last_letters > 1;
}

/* Keeps a term that has something to search for. */
static bool add(struct store *store, struct search_text *search, const char *text, size_t len, struct term term, bool last,
                struct error *err)
{
	AUTO(tokenized_clear) struct tokenized tokenized = {0};

	if (!tokenizer_look(&store->tokenizer, text, len, &tokenized))
		return error_no_memory(err);
	if (tokenized.tokens == 0 || search->count == SEARCH_TERMS_MAX)
		return true;
	if (!buf_ok(&tokenized.text, err))
		return false;
	term.at = search->tokens.len;
	term.len = tokenized.text.len;
	term.last_at = term.at + tokenized.last_at;
	term.beginning = is_beginning(&tokenized, last && !term.negative);
	buf_add(&search->tokens, tokenized.text.data, tokenized.text.len);
	buf_add_char(&search->tokens, '\0');
	search->terms[search->count++] = term;
	return buf_ok(&search->tokens, err);
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

/* Reads the term at *AT and moves after it. */
static bool read_term(struct store *store, struct search_text *search, const char **at, struct error *err)
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
	if (!quote && is_or(text, len) && search->count && word_follows(*at) && !term.negative && !term.or_before) {
		search->or_pending = true;
		return true;
	}
	/* "a OR -b" has no meaning: the minus is taken literally. */
	term.negative = term.negative && !term.or_before;
	return add(store, search, text, len, term, !quote && !**at, err);
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

bool search_text_read(struct store *store, const char *text, struct search_text *out, struct error *err)
{
	*out = (struct search_text){.tokens = BUF(TOKENS_BYTES_MAX)};
	while (*text) {
		if (is_blank(*text))
			text++;
		else if (!read_term(store, out, &text, err))
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

/* The term whose beginning counts: the last one. Others are single letters of scripts without spaces. */
static const struct term *ending(const struct search_text *search)
{
	const struct term *last = search->count ? &search->terms[search->count - 1] : NULL;

	return last && last->beginning && !last->negative ? last : NULL;
}

const char *search_text_beginning(const struct search_text *search)
{
	const struct term *last = ending(search);

	return last ? search->tokens.data + last->last_at : NULL;
}

/* ---- databases_lock: as strings of FTS5, in which everything is literal; tokens hold no quote ---- */

static void write_term(const struct search_text *search, const struct term *term, struct buf *out)
{
	buf_add_char(out, '"');
	buf_add(out, search->tokens.data + term->at, term->len);
	buf_add_text(out, term->beginning ? "\" *" : "\"");
}

/* What comes before the beginning, with each of the words in its place: "ac dcx" OR "ac dcy". */
static void write_words(const struct search_text *search, const struct term *term, const struct word_list *words, struct buf *out)
{
	for (size_t i = 0; i < words->count; i++) {
		buf_add_text(out, i ? " OR \"" : "\"");
		buf_add(out, search->tokens.data + term->at, term->last_at - term->at);
		buf_add_text(out, words->items[i].term);
		buf_add_char(out, '"');
	}
}

/* (a OR b) AND (c) … */
static void write_positive(const struct search_text *search, const struct word_list *words, struct buf *out)
{
	const struct term *last = ending(search);
	bool first = true;

	for (size_t i = 0; i < search->count; i++) {
		const struct term *term = &search->terms[i];

		if (term->negative)
			continue;
		if (!first)
			buf_add_text(out, term->or_before ? " OR " : ") AND (");
		if (term == last && words && words->count)
			write_words(search, term, words, out);
		else
			write_term(search, term, out);
		first = false;
	}
}

bool search_text_write(const struct search_text *search, const struct word_list *words, struct buf *out, struct error *err)
{
	buf_add_text(out, "((");
	write_positive(search, words, out);
	buf_add_text(out, "))");
	for (size_t i = 0; i < search->count; i++) {
		if (!search->terms[i].negative)
			continue;
		buf_add_text(out, " NOT ");
		write_term(search, &search->terms[i], out);
	}
	return buf_ok(out, err);
}

/* ---- estimating ---- */

/* The rarest token of a term; a beginning among other words counts as anything. */
static bool estimate_term(struct store *store, const struct search_text *search, const struct term *term, int64_t *out,
                          struct error *err)
{
	const char *at = search->tokens.data + term->at;
	const char *end = at + term->len;

	*out = ANY_NUMBER;
	while (at < end) {
		size_t len = strcspn(at, " ");
		int64_t videos;

		if (!term->beginning || at < search->tokens.data + term->last_at) {
			if (!word_videos(store, at, len, &videos, err))
				return false;
			*out = videos < *out ? videos : *out;
		}
		at += len + 1;
	}
	return true;
}

static int64_t sum_of(const struct word_list *words)
{
	int64_t sum = 0;

	for (size_t i = 0; i < words->count; i++)
		sum += words->items[i].videos;
	return sum;
}

bool search_text_estimate(struct store *store, const struct search_text *search, const struct word_list *words, int64_t *out,
                          struct error *err)
{
	const struct term *last = ending(search);
	int64_t alternatives = 0;

	*out = ANY_NUMBER;
	for (size_t i = 0; i < search->count; i++) {
		const struct term *term = &search->terms[i];
		int64_t videos;

		if (term->negative)
			continue;
		if (!estimate_term(store, search, term, &videos, err))
			return false;
		videos = term == last && sum_of(words) < videos ? sum_of(words) : videos;
		alternatives = term->or_before ? alternatives + videos : videos;
		/* The group ends where the next one begins. */
		if ((i + 1 == search->count || !search->terms[i + 1].or_before) && alternatives < *out)
			*out = alternatives;
	}
	return true;
}

int64_t search_text_least(const struct search_text *search, const struct word_list *words, int64_t about)
{
	const struct term *term = &search->terms[0];

	if (search->count != 1 || term->last_at != term->at)
		return 0;
	if (!term->beginning)
		return about;
	return words->count ? words->items[0].videos : 0;
}
