#include "store/postgres/search/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "search/tokenizer.h"
#include "store/search/term_stats.h"

enum { GAP = 2 };

/* Begins the word of a channel: no token of a text has it. */
enum { CHANNEL_MARK = '\x01' };

/* ---- writing ---- */

/* LEN, or as much of it as a word may have: whole characters. */
static size_t cut(const char *text, size_t len)
{
	if (len <= WORD_BYTES_MAX)
		return len;
	for (len = WORD_BYTES_MAX; ((unsigned char)text[len] & 0xC0) == 0x80;)
		len--;
	return len;
}

/* 'it''s' */
static void write_word(const char *text, size_t len, struct buf *out)
{
	buf_add_char(out, '\'');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\'' || text[i] == '\\')
			buf_add_char(out, text[i]);
		buf_add_char(out, text[i]);
	}
	buf_add_char(out, '\'');
}

static void write_channel(int64_t channel, struct buf *out)
{
	buf_printf(out, "'%c%lld'", CHANNEL_MARK, (long long)channel);
}

/* A text while its tokens come. */
struct writing {
	struct words *words;
	struct buf *out;
	const char *weight;
	int position; /* of the last token */
};

static bool take_token(void *context, const struct token *token)
{
	struct writing *writing = context;
	size_t len = cut(token->text, token->len);

	if (!token->colocated)
		writing->position++;
	words_add(writing->words, token->text, len);
	write_word(token->text, len, writing->out);
	buf_printf(writing->out, ":%d%s ", writing->position, writing->weight);
	return true;
}

static bool write_text(struct writing *writing, const char *text, const char *weight)
{
	writing->weight = weight;
	writing->position += GAP;
	return tokenize(TOKENS_OF_DOCUMENT, text, strlen(text), take_token, writing);
}

bool document_write(const struct document *document, struct words *words, struct buf *out, struct error *err)
{
	struct writing writing = {.words = words, .out = out};

	if (!write_text(&writing, document->title, "A") || !write_text(&writing, document->description, "") ||
	    !write_text(&writing, document->channel_title, "B"))
		return error_no_memory(err);
	if (document->channel)
		write_channel(document->channel, out);
	return buf_ok(out, err);
}

/* ---- a tsvector in text: 'word':1A,17 'it''s':3 'x' ---- */

/* Reads the word at AT into OUT; returns where its positions begin. */
static const char *read_word(const char *at, struct buf *out)
{
	buf_reset(out);
	for (at++; *at; at++) {
		if (*at == '\'' && at[1] != '\'')
			return at + 1;
		at += *at == '\'' || *at == '\\';
		buf_add_char(out, *at);
	}
	return at;
}

static const char *skip_positions(const char *at)
{
	at += strcspn(at, " ");
	return at + strspn(at, " ");
}

bool document_count(const char *vector, struct words *words, struct error *err)
{
	AUTO(buf_clear) struct buf word = BUF(WORD_BYTES_MAX + 1);

	for (const char *at = vector; *at; at = skip_positions(at)) {
		at = read_word(at, &word);
		if (!buf_ok(&word, err))
			return false;
		if (*buf_text(&word) != CHANNEL_MARK)
			words_add(words, buf_text(&word), word.len);
	}
	return true;
}

/* ---- a search text as tsquery ---- */

/* The tokens of a term one after the other, the last one as WORD when that is given: ('a' <-> 'b':*) */
static void write_term(const struct search_text *search, const struct term *term, const char *word, struct buf *out)
{
	const char *tokens = search->tokens.data;
	size_t end = term->at + term->len;

	buf_add_char(out, '(');
	for (size_t at = term->at, len; at < end; at += len + 1) {
		bool last = at == term->last_at;

		len = last ? end - at : strcspn(tokens + at, " ");
		buf_add_text(out, at > term->at ? " <-> " : "");
		if (last && word)
			write_word(word, strlen(word), out);
		else
			write_word(tokens + at, cut(tokens + at, len), out);
		buf_add_text(out, last && term->prefix && !word ? ":*" : "");
	}
	buf_add_char(out, ')');
}

static void write_positive_term(const struct search_plan *plan, const struct term *term, struct buf *out)
{
	const struct word_list *words = &plan->words;

	if (!words->count || term != search_text_last_prefix(&plan->search)) {
		write_term(&plan->search, term, NULL, out);
		return;
	}
	for (size_t i = 0; i < words->count; i++) {
		buf_add_text(out, i ? " | " : "");
		write_term(&plan->search, term, words->items[i].term, out);
	}
}

bool document_query(const struct search_plan *plan, int64_t channel, struct buf *out, struct error *err)
{
	const struct search_text *search = &plan->search;
	bool first = true;

	if (channel) {
		write_channel(channel, out);
		buf_add_text(out, " & ");
	}
	buf_add_char(out, '(');
	for (size_t i = 0; i < search->count; i++) {
		if (search->terms[i].negative)
			continue;
		if (!first)
			buf_add_text(out, search->terms[i].or_before ? " | " : ") & (");
		write_positive_term(plan, &search->terms[i], out);
		first = false;
	}
	buf_add_char(out, ')');
	for (size_t i = 0; i < search->count; i++) {
		if (!search->terms[i].negative)
			continue;
		buf_add_text(out, " & !");
		write_term(search, &search->terms[i], NULL, out);
	}
	return buf_ok(out, err);
}

/* ---- weighing ---- */

enum column { COLUMN_TITLE, COLUMN_DESCRIPTION, COLUMN_CHANNEL, COLUMN_COUNT };

/* Where a phrase may begin: so many of its words have been found one after the other there. */
struct places {
	int *items; /* in order; NULL = none */
	size_t count;
};

static int by_number(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A position with its column. */
static int place_of(int position, enum column column)
{
	return position * COLUMN_COUNT + (int)column;
}

/* Adds the positions of a word: ":1A,17 ". */
static bool add_positions(const char *at, struct places *places)
{
	if (*at != ':')
		return true;
	do {
		char *end;
		int position = (int)strtol(at + 1, &end, 10);
		enum column column = *end == 'A' ? COLUMN_TITLE : *end == 'B' ? COLUMN_CHANNEL : COLUMN_DESCRIPTION;

		if (!list_grow(&places->items, places->count, sizeof(*places->items)))
			return false;
		places->items[places->count++] = place_of(position, column);
		at = end + strcspn(end, ", ");
	} while (*at == ',');
	return true;
}

static bool is_word(const struct buf *word, const char *text, size_t len, bool prefix)
{
	return (prefix ? word->len >= len : word->len == len) && memcmp(buf_text(word), text, len) == 0;
}

/* Where LEN bytes of TEXT stand, or with PREFIX the words that begin so. */
static bool find_word(const char *vector, const char *text, size_t len, bool prefix, struct places *out, struct error *err)
{
	AUTO(buf_clear) struct buf word = BUF(WORD_BYTES_MAX + 1);

	for (const char *at = vector; *at; at = skip_positions(at)) {
		at = read_word(at, &word);
		if (!buf_ok(&word, err))
			return false;
		if (is_word(&word, text, len, prefix) && !add_positions(at, out))
			return error_no_memory(err);
	}
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items), by_number);
	return true;
}

/* Keeps of PHRASE what is followed by the word after DISTANCE positions. */
static void keep_followed(struct places *phrase, const struct places *word, int distance)
{
	size_t kept = 0;

	for (size_t i = 0; i < phrase->count; i++) {
		int next = phrase->items[i] + distance * COLUMN_COUNT;

		if (word->count && bsearch(&next, word->items, word->count, sizeof(next), by_number))
			phrase->items[kept++] = phrase->items[i];
	}
	phrase->count = kept;
}

static void places_clear(struct places *places)
{
	free(places->items);
}

/* Counts where the term stands, its last token as WORD when that is given. */
static bool count_term(const struct search_text *search, const struct term *term, const char *word, const char *vector,
                       int64_t hits[COLUMN_COUNT], struct error *err)
{
	AUTO(places_clear) struct places phrase = {0};
	const char *tokens = search->tokens.data;
	size_t end = term->at + term->len;
	int distance = 0;

	for (size_t at = term->at, len; at < end; at += len + 1, distance++) {
		AUTO(places_clear) struct places next = {0};
		bool last = at == term->last_at;
		const char *text = last && word ? word : tokens + at;

		len = last ? end - at : strcspn(tokens + at, " ");
		if (!find_word(vector, text, last && word ? strlen(word) : cut(text, len), last && term->prefix && !word,
		               distance ? &next : &phrase, err))
			return false;
		if (distance)
			keep_followed(&phrase, &next, distance);
	}
	for (size_t i = 0; i < phrase.count; i++)
		hits[phrase.items[i] % COLUMN_COUNT]++;
	return true;
}

static bool count_hits(const struct search_plan *plan, const char *vector, int64_t hits[COLUMN_COUNT], struct error *err)
{
	const struct search_text *search = &plan->search;

	for (size_t i = 0; i < search->count; i++) {
		const struct term *term = &search->terms[i];
		bool listed = plan->words.count && term == search_text_last_prefix(search);

		for (size_t w = 0; listed && w < plan->words.count; w++)
			if (!count_term(search, term, plan->words.items[w].term, vector, hits, err))
				return false;
		if (!listed && !term->negative && !count_term(search, term, NULL, vector, hits, err))
			return false;
	}
	return true;
}

bool document_weigh(const struct search_plan *plan, const char *vector, int64_t *out, struct error *err)
{
	enum { HITS_MAX = 15 };
	static const int weights[COLUMN_COUNT] = {256, 1, 16};
	int64_t hits[COLUMN_COUNT] = {0};

	if (!count_hits(plan, vector, hits, err))
		return false;
	*out = 0;
	for (int i = 0; i < COLUMN_COUNT; i++)
		*out += weights[i] * (hits[i] < HITS_MAX ? hits[i] : HITS_MAX);
	return true;
}
