#include "search/tokenizer.h"

#include <stdint.h>

#include "base/utf8.h"

/* Who takes the pieces of a word. */
struct sink {
	token_handler *handler;
	void *context;
	bool document;
};

/* What is left of a word. */
struct rest {
	struct token token;
	const char *text; /* that the word is of */
	bool aligned;     /* letter by letter: folding dropped none */
};

/* Ranges of code points of scripts written without spaces (Unicode 15, Blocks.txt). */
static bool is_unspaced(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
	    {0x0E00, 0x0EFF},   /* Thai, Lao */
	    {0x1000, 0x109F},   /* Myanmar */
	    {0x1100, 0x11FF},   /* Hangul Jamo */
	    {0x1780, 0x17FF},   /* Khmer */
	    {0x19E0, 0x19FF},   /* Khmer symbols */
	    {0x2E80, 0x2FDF},   /* CJK radicals */
	    {0x3005, 0x3007},   /* iteration mark, zero */
	    {0x3040, 0x312F},   /* Hiragana, Katakana, Bopomofo */
	    {0x3130, 0x318F},   /* Hangul compatibility Jamo */
	    {0x31F0, 0x31FF},   /* Katakana extensions */
	    {0x3400, 0x4DBF},   /* CJK extension A */
	    {0x4E00, 0x9FFF},   /* CJK */
	    {0xA960, 0xA97F},   /* Hangul Jamo extended A */
	    {0xAA60, 0xAA7F},   /* Myanmar extended A */
	    {0xAC00, 0xD7FF},   /* Hangul syllables, Jamo extended B */
	    {0xF900, 0xFAFF},   /* CJK compatibility */
	    {0xFF66, 0xFFDC},   /* halfwidth Katakana and Hangul */
	    {0x1B000, 0x1B16F}, /* Kana supplements */
	    {0x20000, 0x323AF}, /* CJK extensions B to H */
	};

	if (c < ranges[0].first)
		return false;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* The next letter: its code point, and its bytes in *LEN. A byte that is not part of well-formed UTF-8 is one too. */
static uint32_t next_letter(const char *at, size_t left, size_t *len)
{
	uint32_t c = 0;

	*len = utf8_decode(at, left, &c);
	*len += !*len;
	return c;
}

/* How many bytes the first LETTERS letters have. */
static size_t bytes_of(const char *bytes, size_t len, size_t letters)
{
	size_t total = 0, one;

	for (; letters > 0 && total < len; letters--) {
		next_letter(bytes + total, len - total, &one);
		total += one;
	}
	return total;
}

static size_t count_letters(const char *bytes, size_t len)
{
	size_t count = 0, one;

	for (size_t at = 0; at < len; at += one, count++)
		next_letter(bytes + at, len - at, &one);
	return count;
}

size_t token_letters(const struct token *token)
{
	return count_letters(token->text, token->len);
}

/* How many of the first letters belong together: all of scripts without spaces, or none. */
static size_t run_length(const struct token *token, bool *unspaced)
{
	size_t letters = 1, at;

	*unspaced = is_unspaced(next_letter(token->text, token->len, &at));
	for (size_t one; at < token->len; at += one, letters++)
		if (is_unspaced(next_letter(token->text + at, token->len - at, &one)) != *unspaced)
			break;
	return letters;
}

/* Cuts the first LETTERS letters off. Folding may change how many bytes a letter has, so letters are counted. Where it dropped some
 * (combining accents), nothing tells which, and the pieces keep the whole's place: too much is marked, never wrong. */
static struct rest cut(struct rest *rest, size_t letters)
{
	struct rest first = *rest;

	first.token.len = bytes_of(rest->token.text, rest->token.len, letters);
	if (rest->aligned) {
		first.token.end =
		    first.token.start + bytes_of(rest->text + first.token.start, first.token.end - first.token.start, letters);
		rest->token.start = first.token.end;
	}
	rest->token.text += first.token.len;
	rest->token.len -= first.token.len;
	return first;
}

static bool give(const struct sink *sink, const struct token *token)
{
	return sink->handler(sink->context, token);
}

/* The pairs of a run. In documents its last letter alone too, at the last pair's place, so that what follows the run is the pair's
 * neighbour: a query's pairs and the word after them are one phrase. */
static bool give_pairs(const struct sink *sink, struct rest run)
{
	size_t pairs = token_letters(&run.token) - 1;

	run.token.unspaced = true;
	if (!pairs)
		return give(sink, &run.token);
	for (; pairs; pairs--) {
		struct rest from_here = run;
		struct rest pair = cut(&from_here, 2);

		if (!give(sink, &pair.token))
			return false;
		cut(&run, 1);
	}
	run.token.colocated = true;
	return !sink->document || give(sink, &run.token);
}

/* Whether it has a character of U+0800 and above: below there are no scripts without spaces. */
static bool has_high_character(const struct token *token)
{
	for (size_t i = 0; i < token->len; i++)
		if ((unsigned char)token->text[i] >= 0xE0)
			return true;
	return false;
}

bool token_cut(const struct token *word, const char *text, enum token_source source, token_handler *handler, void *context)
{
	const struct sink sink = {.handler = handler, .context = context, .document = source == TOKENS_OF_DOCUMENT};
	struct rest rest = {.token = *word, .text = text};
	bool unspaced, going_on = true;

	if (!has_high_character(word))
		return give(&sink, word);
	size_t run = run_length(word, &unspaced);
	if (!unspaced && bytes_of(word->text, word->len, run) == word->len)
		return give(&sink, word);
	rest.aligned = token_letters(word) == count_letters(text + word->start, word->end - word->start);
	while (going_on && rest.token.len) {
		run = run_length(&rest.token, &unspaced);
		struct rest piece = cut(&rest, run);
		going_on = unspaced ? give_pairs(&sink, piece) : give(&sink, &piece.token);
	}
	return going_on;
}
