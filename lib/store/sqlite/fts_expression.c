#include "store/sqlite/fts_expression.h"

#include <string.h>

#include "store/sqlite/tokenizer.h"

/* ---- writing: strings of FTS5, in which everything is literal; tokens hold no quote ---- */

static void write_term(const struct search_text *search, const struct term *term, struct buf *out)
{
	buf_add_char(out, '"');
	buf_add(out, search->tokens.data + term->at, term->len);
	buf_add_text(out, term->prefix ? "\" *" : "\"");
}

/* What comes before the prefix, with each of the words in its place: "ac dcx" OR "ac dcy". */
static void write_words(const struct search_text *search, const struct term *term, const struct word_list *words, struct buf *out)
{
	for (size_t i = 0; i < words->count; i++) {
		buf_add_text(out, i ? " OR \"" : "\"");
		buf_add(out, search->tokens.data + term->at, term->last_at - term->at);
		buf_add_text(out, words->items[i].term);
		buf_add_char(out, '"');
	}
}

static bool is_phrase(const struct term *term)
{
	return term->last_at > term->at && !term->negative;
}

bool fts_expression_has_phrase(const struct search_text *search)
{
	for (size_t i = 0; i < search->count; i++)
		if (is_phrase(&search->terms[i]))
			return true;
	return false;
}

/* "a" AND "b" for the phrase "a b". Returns how many words that are. */
static int64_t write_word_by_word(const struct search_text *search, const struct term *term, struct buf *out)
{
	struct term word = *term;
	size_t end = term->at + term->len;
	int64_t count = 0;

	for (; word.at < end; word.at += word.len + 1) {
		word.len = word.at == term->last_at ? end - word.at : strcspn(search->tokens.data + word.at, " ");
		word.prefix = term->prefix && word.at == term->last_at;
		buf_add_text(out, count++ ? " AND " : "");
		write_term(search, &word, out);
	}
	return count;
}

static void add_length(struct buf *lengths, const char *before, int64_t length)
{
	if (lengths)
		buf_printf(lengths, "%s%lld", before, (long long)length);
}

/* BEFORE is what its first length comes after. */
static void write_positive_term(const struct search_text *search, const struct term *term, const struct word_list *words,
                                const char *before, struct buf *lengths, struct buf *out)
{
	if (words->count) {
		write_words(search, term, words, out);
		for (size_t word = 0; word < words->count; word++)
			add_length(lengths, word ? "|" : before, 1);
	} else if (lengths && is_phrase(term)) {
		add_length(lengths, before, write_word_by_word(search, term, out));
	} else {
		write_term(search, term, out);
		add_length(lengths, before, 1);
	}
}

/* (a OR b) AND (c) … */
static void write_positive(const struct search_text *search, const struct word_list *words, struct buf *lengths, struct buf *out)
{
	static const struct word_list none = {0};
	const struct term *last = search_text_last_prefix(search);
	bool first = true;

	for (size_t i = 0; i < search->count; i++) {
		const struct term *term = &search->terms[i];

		if (term->negative)
			continue;
		if (!first)
			buf_add_text(out, term->or_before ? " OR " : ") AND (");
		write_positive_term(search, term, term == last ? words : &none, !first && term->or_before ? "|" : " ", lengths,
		                    out);
		first = false;
	}
}

bool fts_expression_write(const struct search_text *search, const struct word_list *words, int64_t channel, struct buf *lengths,
                          struct buf *out, struct error *err)
{
	buf_add_text(out, "((");
	if (channel) {
		buf_printf(out, "\"%c%lld\") AND (", CHANNEL_TOKEN, (long long)channel);
		add_length(lengths, " ", 1);
	}
	write_positive(search, words, lengths, out);
	buf_add_text(out, "))");
	for (size_t i = 0; i < search->count; i++) {
		if (!search->terms[i].negative)
			continue;
		buf_add_text(out, " NOT ");
		write_term(search, &search->terms[i], out);
	}
	return buf_ok(out, err) && (!lengths || buf_ok(lengths, err));
}
