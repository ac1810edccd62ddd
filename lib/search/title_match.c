#include "search/title_match.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX_BYTES = 16 * 1024 };

/* ---- the query ---- */

void title_words_clear(struct title_words *words)
{
	free(words->terms);
	free(words->words);
	*words = (struct title_words){0};
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_minus(const char *at)
{
	return at[0] == '-' && at[1] && !is_blank(at[1]);
}

/* Writes YouTube's syntax as that of a search text: a|b becomes a OR b, where there is something on both sides that is not excluded. The
 * blank at the end makes the last word a whole one. */
static void write_search_text(const char *text, struct buf *out)
{
	bool quoted = false;
	bool begun = false;
	bool bar = false; /* one or more since the last word */

	for (const char *at = text; *at; at++) {
		quoted ^= *at == '"' && (quoted || strchr(at + 1, '"'));
		if (*at == '|' && !quoted) {
			bar = true;
			continue;
		}
		if (bar && !is_blank(*at)) {
			buf_add_text(out, begun && !is_minus(at) ? " OR " : " ");
			bar = false;
		}
		begun |= !is_blank(*at);
		buf_add_char(out, *at);
	}
	buf_add_char(out, ' ');
}

/* Takes over what is needed of SEARCH, most of whose room for terms is empty. */
static bool take_terms(struct search_text *search, struct title_words *out, struct error *err)
{
	AUTO(title_words_clear) struct title_words words = {.count = search->count};

	words.terms = calloc(search->count + 1, sizeof(*words.terms));
	if (!words.terms)
		return error_no_memory(err);
	memcpy(words.terms, search->terms, search->count * sizeof(*words.terms));
	if (!buf_take(&search->tokens, &words.words, err))
		return false;
	*out = words;
	words = (struct title_words){0};
	return true;
}

bool title_words_read(const char *text, struct title_words *out, struct error *err)
{
	AUTO(buf_clear) struct buf plain = BUF(TEXT_MAX_BYTES);
	AUTO(search_text_clear) struct search_text search = {0};

	write_search_text(text, &plain);
	return buf_ok(&plain, err) && search_text_read(buf_text(&plain), &search, err) && take_terms(&search, out, err);
}

/* ---- the titles ---- */

void title_clear(struct title *title)
{
	text_tokens_clear(&title->video);
	text_tokens_clear(&title->channel);
}

bool title_read(const char *video, const char *channel, struct title *out, struct error *err)
{
	*out = (struct title){0};
	return text_tokens_read(video, strlen(video), &out->video, err) &&
	       (!channel || text_tokens_read(channel, strlen(channel), &out->channel, err));
}

/* ---- matching ---- */

static bool has(const struct text_tokens *tokens, const struct title_words *words, const struct term *term)
{
	size_t end;

	for (size_t at = 0; at < tokens->count; at = text_tokens_next(tokens, at))
		if (text_tokens_match(tokens, at, words->words, term, &end))
			return true;
	return false;
}

bool title_matches(const struct title *title, const struct title_words *words)
{
	bool in_title = false;
	bool group = false; /* one of the alternatives so far */
	bool any = false;   /* something to search for has come */

	for (size_t i = 0; i < words->count; i++) {
		const struct term *term = &words->terms[i];
		bool title_has = has(&title->video, words, term);
		bool found = title_has || has(&title->channel, words, term);

		if (term->negative && found)
			return false;
		if (term->negative)
			continue;
		if (any && !term->or_before && !group)
			return false;
		group = found || (term->or_before && group);
		in_title |= title_has;
		any = true;
	}
	return group && in_title;
}
