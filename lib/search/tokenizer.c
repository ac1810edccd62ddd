#include "search/tokenizer.h"

#include <stdint.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "search/word.h"

/* A text that is read. */
struct run {
	enum token_source source;
	const char *text;
	size_t len;
	token_handler *handler;
	void *context;
	struct word word; /* at hand */
	bool is_emoji;    /* the word at hand: nothing but the second half of a flag goes on it */
	bool failed;      /* no memory */
};

static void run_clear(struct run *run)
{
	word_clear(&run->word);
}

/* ---- giving a word ---- */

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

/* A token of COUNT letters from FIRST on. */
static bool give(struct run *run, size_t first, size_t count, bool unspaced, bool colocated)
{
	const struct letter *letters = run->word.letters + first;
	struct token token = {.start = letters[0].start,
	                      .end = letters[count - 1].end,
	                      .unspaced = unspaced,
	                      .colocated = colocated};

	token.text = word_write(&run->word, first, count, &token.len);
	return run->handler(run->context, &token);
}

/* The pairs of a run. In documents its last letter alone too, at the last pair's place, so that what follows the run is the pair's
 * neighbour: a query's pairs and the word after them are one phrase. */
static bool give_pairs(struct run *run, size_t first, size_t count)
{
	if (count == 1)
		return give(run, first, 1, true, false);
	for (size_t i = 0; i + 1 < count; i++)
		if (!give(run, first + i, 2, true, false))
			return false;
	return run->source == TOKENS_OF_QUERY || give(run, first + count - 1, 1, true, true);
}

/* Gives the word at hand, if there is one: as it is, or in pieces where it has letters of scripts without spaces. */
static bool end_word(struct run *run)
{
	size_t count = run->word.count;
	bool going_on = true;

	for (size_t first = 0, last; first < count && going_on; first = last) {
		bool unspaced = is_unspaced(run->word.letters[first].c);

		for (last = first + 1; last < count && is_unspaced(run->word.letters[last].c) == unspaced;)
			last++;
		going_on = unspaced ? give_pairs(run, first, last - first) : give(run, first, last - first, false, false);
	}
	run->word.count = 0;
	run->is_emoji = false;
	return going_on;
}

/* ---- reading a word ---- */

static bool add_letter(struct run *run, uint32_t c, size_t start, size_t end)
{
	if (run->is_emoji && !end_word(run))
		return false;
	run->failed = !word_add(&run->word, c, start, end);
	return !run->failed;
}

static bool add_sign(struct run *run, uint32_t c, size_t start, size_t end)
{
	if (run->is_emoji && !end_word(run))
		return false;
	run->failed = !word_add_sign(&run->word, c, start, end);
	return !run->failed;
}

static bool add_emoji(struct run *run, uint32_t c, size_t start, size_t end)
{
	if (!end_word(run) || !add_letter(run, c, start, end))
		return false;
	run->is_emoji = true;
	return true;
}

/* Two halves are a flag. */
static bool add_regional(struct run *run, uint32_t c, size_t start, size_t end)
{
	bool second = run->is_emoji && run->word.count == 1 && unicode_kind(run->word.letters[0].c) == UNICODE_REGIONAL;

	if (!second)
		return add_emoji(run, c, start, end);
	run->failed = !word_add(&run->word, c, start, end);
	return !run->failed && end_word(run);
}

/* Takes one of the characters that the one from START to END was folded to. */
static bool take_folded(struct run *run, uint32_t c, size_t start, size_t end)
{
	switch (unicode_kind(c)) {
	case UNICODE_LETTER:
		return add_letter(run, c, start, end);
	case UNICODE_SIGN:
		return add_sign(run, c, start, end);
	case UNICODE_ACCENT:
	case UNICODE_POINT:
		word_extend(&run->word, end);
		return true;
	case UNICODE_EMOJI:
		return add_emoji(run, c, start, end);
	case UNICODE_REGIONAL:
		return add_regional(run, c, start, end);
	case UNICODE_OTHER:
		break;
	}
	return end_word(run);
}

/* Letters that nothing is folded to, and that fold to themselves: most of Chinese and Korean text. */
static bool is_plain(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3);
}

static bool take_character(struct run *run, uint32_t c, size_t start, size_t end)
{
	uint32_t folded[UNICODE_FOLD_MAX];

	if (is_plain(c))
		return add_letter(run, c, start, end);
	if (unicode_is_raised_sign(c))
		return end_word(run);
	size_t count = unicode_fold(c, folded);
	if (!count)
		word_extend(&run->word, end);
	for (size_t i = 0; i < count; i++)
		if (!take_folded(run, folded[i], start, end))
			return false;
	return true;
}

/* ---- ASCII, of which most text is ---- */

enum { ASCII_MAX = 64 };

/* The letter or digit that a byte of ASCII is, in lower case; 0 for every other byte. */
static char ascii_letter(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return c;
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : '\0';
}

/* The length of the word at AT when all of it is ASCII and short, and its letters; else 0. */
static size_t read_ascii(const char *at, size_t left, char letters[ASCII_MAX])
{
	size_t len = 0;

	while (len < left && len < ASCII_MAX && (letters[len] = ascii_letter(at[len])))
		len++;
	return len < ASCII_MAX && (len == left || !((unsigned char)at[len] & 0x80)) ? len : 0;
}

static bool give_ascii(const struct run *run, size_t start, const char *letters, size_t len)
{
	const struct token token = {.text = letters, .len = len, .start = start, .end = start + len};

	return run->handler(run->context, &token);
}

/* ---- the text ---- */

/* Takes the character at START and moves *END after it. */
static bool take_next(struct run *run, size_t start, size_t *end)
{
	char letter = ascii_letter(run->text[start]);
	uint32_t c;

	*end = start + 1;
	if (letter)
		return add_letter(run, (uint32_t)letter, start, *end);
	if (!((unsigned char)run->text[start] & 0x80))
		return end_word(run);
	size_t len = utf8_decode(run->text + start, run->len - start, &c);
	*end = start + len + !len;
	return len ? take_character(run, c, start, *end) : end_word(run);
}

bool tokenize(enum token_source source, const char *text, size_t len, token_handler *handler, void *context)
{
	AUTO(run_clear) struct run run = {.source = source, .text = text, .len = len, .handler = handler, .context = context};
	bool going_on = true;

	for (size_t at = 0; at < len && going_on;) {
		char letters[ASCII_MAX];
		size_t ascii = run.word.count ? 0 : read_ascii(text + at, len - at, letters);

		if (ascii) {
			going_on = give_ascii(&run, at, letters, ascii);
			at += ascii;
		} else {
			going_on = take_next(&run, at, &at);
		}
	}
	if (going_on)
		end_word(&run);
	return !run.failed;
}

size_t token_letters(const struct token *token)
{
	size_t letters = 0;

	for (size_t i = 0; i < token->len; i++)
		letters += !utf8_continues(token->text[i]);
	return letters;
}
