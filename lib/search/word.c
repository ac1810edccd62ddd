#include "search/word.h"

#include <stdlib.h>

#include "base/unicode.h"
#include "base/utf8.h"

enum { ROOM_AT_FIRST = 64 };

void word_clear(struct word *word)
{
	free(word->letters);
	free(word->text);
	*word = (struct word){0};
}

static bool make_room(struct word *word)
{
	size_t room = word->room ? 2 * word->room : ROOM_AT_FIRST;

	if (word->count < word->room)
		return true;
	struct letter *letters = realloc(word->letters, room * sizeof(*letters));
	if (!letters)
		return false;
	word->letters = letters;
	char *text = realloc(word->text, room * UTF8_MAX);
	if (!text)
		return false;
	word->text = text;
	word->room = room;
	return true;
}

static bool append(struct word *word, uint32_t c, size_t start, size_t end)
{
	if (!make_room(word))
		return false;
	word->letters[word->count++] = (struct letter){c, start, end};
	return true;
}

void word_extend(struct word *word, size_t end)
{
	if (word->count)
		word->letters[word->count - 1].end = end;
}

/* ---- letters ---- */

/* Lower case letters with a stroke, a dot or a ligature that are letters of their own to Unicode, and what they are written as without:
 * from CLDR's transliteration Latin-ASCII (https://github.com/unicode-org/cldr/blob/main/common/transforms/Latin-ASCII.xml). In order. */
static const struct {
	uint32_t c;
	char letters[3];
} latin[] = {
    {0xE6, "ae"},  /* æ */
    {0xF0, "d"},   /* ð */
    {0xF8, "o"},   /* ø */
    {0xFE, "th"},  /* þ */
    {0x111, "d"},  /* đ */
    {0x127, "h"},  /* ħ */
    {0x131, "i"},  /* ı */
    {0x138, "q"},  /* ĸ */
    {0x142, "l"},  /* ł */
    {0x14B, "n"},  /* ŋ */
    {0x153, "oe"}, /* œ */
    {0x167, "t"},  /* ŧ */
    {0x180, "b"},  /* ƀ */
    {0x19A, "l"},  /* ƚ */
    {0x1B6, "z"},  /* ƶ */
    {0x1E5, "g"},  /* ǥ */
    {0x237, "j"},  /* ȷ */
    {0x23C, "c"},  /* ȼ */
    {0x247, "e"},  /* ɇ */
    {0x249, "j"},  /* ɉ */
    {0x24D, "r"},  /* ɍ */
    {0x24F, "y"},  /* ɏ */
    {0x268, "i"},  /* ɨ */
    {0x289, "u"},  /* ʉ */
    {0x1D7D, "p"}, /* ᵽ */
    {0x2C61, "l"}, /* ⱡ */
    {0x2C65, "a"}, /* ⱥ */
    {0x2C66, "t"}, /* ⱦ */
};

enum { LATIN_FIRST = 0xE6, LATIN_LAST = 0x2C66, LATIN_COUNT = sizeof(latin) / sizeof(latin[0]) };

static const char *without_stroke(uint32_t c)
{
	if (c < LATIN_FIRST || c > LATIN_LAST)
		return NULL;
	for (size_t i = 0; i < LATIN_COUNT && latin[i].c <= c; i++)
		if (latin[i].c == c)
			return latin[i].letters;
	return NULL;
}

/* Vowels and final consonants of Hangul, which go on a syllable (Unicode, section 3.12). */
static bool is_jamo_after_another(uint32_t c)
{
	return (c >= 0x1161 && c <= 0x1175) || (c >= 0x11A8 && c <= 0x11C2);
}

static bool compose_with_last(struct word *word, uint32_t c, size_t end)
{
	if (!word->count || !unicode_compose(&word->letters[word->count - 1].c, c))
		return false;
	word_extend(word, end);
	return true;
}

bool word_add(struct word *word, uint32_t c, size_t start, size_t end)
{
	const char *letters = without_stroke(c);

	if (letters)
		return append(word, (uint32_t)letters[0], start, end) &&
		       (!letters[1] || append(word, (uint32_t)letters[1], start, end));
	return (is_jamo_after_another(c) && compose_with_last(word, c, end)) || append(word, c, start, end);
}

/* ---- signs ---- */

/* Kana are voiced by signs of this class, the least of those that are kept: nothing stands between such a sign and its letter. */
enum { VOICING = 8 };

bool word_add_sign(struct word *word, uint32_t sign, size_t start, size_t end)
{
	int order = unicode_order(sign);
	size_t at = word->count;

	while (order && at && unicode_order(word->letters[at - 1].c) > order)
		at--;
	if (order == VOICING && at && unicode_compose(&word->letters[at - 1].c, sign)) {
		word_extend(word, end);
		return true;
	}
	if (!append(word, sign, start, end))
		return false;
	for (size_t i = word->count - 1; i > at; i--)
		word->letters[i].c = word->letters[i - 1].c;
	word->letters[at].c = sign;
	return true;
}

/* ---- writing ---- */

const char *word_write(struct word *word, size_t first, size_t count, size_t *len)
{
	*len = 0;
	for (size_t i = first; i < first + count; i++)
		*len += utf8_encode(word->letters[i].c, word->text + *len);
	return word->text;
}
