#include "base/unicode.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/text.h"
#include "base/utf8.h"

static const utf8proc_option_t folding = UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE | UTF8PROC_IGNORE;

enum {
	IOTA_SUBSCRIPT = 0x345,
	TATWEEL = 0x640,
	BLANK_BRAILLE = 0x2800,
	LATIN_LAST = 0xFF,
	SKIN_FIRST = 0x1F3FB, /* modifiers of the emoji before them */
	SKIN_LAST = 0x1F3FF,
};

static utf8proc_category_t category_of(uint32_t c)
{
	return utf8proc_category((utf8proc_int32_t)c);
}

static size_t decompose_one(uint32_t c, utf8proc_option_t options, uint32_t out[UNICODE_FOLD_MAX])
{
	utf8proc_int32_t parts[UNICODE_FOLD_MAX];
	int last_class = 0;
	utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)c, parts, UNICODE_FOLD_MAX, options, &last_class);

	if (count < 0 || count > UNICODE_FOLD_MAX)
		return 0;
	for (utf8proc_ssize_t i = 0; i < count; i++)
		out[i] = (uint32_t)parts[i];
	return (size_t)count;
}

/* Characters that have a iota subscript. It is an accent, but folding its case makes it a letter. */
static bool may_have_iota(uint32_t c)
{
	return c == IOTA_SUBSCRIPT || c == 0x37A || (c >= 0x1F80 && c <= 0x1FFF);
}

static size_t fold_without_iota(uint32_t c, uint32_t out[UNICODE_FOLD_MAX])
{
	uint32_t parts[UNICODE_FOLD_MAX];
	size_t part_count = decompose_one(c, folding & ~(utf8proc_option_t)UTF8PROC_CASEFOLD, parts);
	size_t count = 0;

	for (size_t i = 0; i < part_count; i++)
		if (parts[i] != IOTA_SUBSCRIPT)
			out[count++] = (uint32_t)utf8proc_tolower((utf8proc_int32_t)parts[i]);
	return count;
}

size_t unicode_fold(uint32_t c, uint32_t out[UNICODE_FOLD_MAX])
{
	return may_have_iota(c) ? fold_without_iota(c, out) : decompose_one(c, folding, out);
}

int unicode_order(uint32_t c)
{
	return utf8proc_get_property((utf8proc_int32_t)c)->combining_class;
}

/* By the combining class (https://www.unicode.org/reports/tr44/#Canonical_Combining_Class_Values): overlays are 1, nuktas 7, points of
 * Hebrew, Arabic and Syriac 10 to 36, accents 200 and above. Vowels and tones are 0 or have a class of their script. */
static enum unicode_kind kind_of_mark(uint32_t c, utf8proc_category_t category)
{
	enum { OVERLAY = 1, NUKTA = 7, POINTS_FIRST = 10, POINTS_LAST = 36, ACCENTS_FIRST = 200 };
	int order = unicode_order(c);

	if (category == UTF8PROC_CATEGORY_ME || order == OVERLAY || order >= ACCENTS_FIRST)
		return UNICODE_ACCENT;
	if ((order > OVERLAY && order <= NUKTA) || (order >= POINTS_FIRST && order <= POINTS_LAST))
		return UNICODE_POINT;
	return UNICODE_SIGN;
}

static enum unicode_kind kind_of_sign(uint32_t c)
{
	int class = (int)utf8proc_get_property((utf8proc_int32_t)c)->boundclass;

	if (c >= SKIN_FIRST && c <= SKIN_LAST)
		return UNICODE_ACCENT;
	if (class == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR)
		return UNICODE_REGIONAL;
	return class == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC && c > LATIN_LAST ? UNICODE_EMOJI : UNICODE_OTHER;
}

enum unicode_kind unicode_kind(uint32_t c)
{
	utf8proc_category_t category = category_of(c);

	if (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME)
		return kind_of_mark(c, category);
	if (c == TATWEEL)
		return UNICODE_POINT;
	if ((category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO) || category == UTF8PROC_CATEGORY_CO)
		return UNICODE_LETTER;
	return kind_of_sign(c);
}

bool unicode_compose(uint32_t *letter, uint32_t next)
{
	utf8proc_int32_t pair[] = {(utf8proc_int32_t)*letter, (utf8proc_int32_t)next};

	if (utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE) != 1)
		return false;
	*letter = (uint32_t)pair[0];
	return true;
}

bool unicode_is_raised_sign(uint32_t c)
{
	const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)c);

	return property->decomp_type == UTF8PROC_DECOMP_TYPE_SUPER && property->category == UTF8PROC_CATEGORY_SO;
}

static bool is_visible(uint32_t c)
{
	utf8proc_category_t category = category_of(c);

	return !utf8proc_get_property((utf8proc_int32_t)c)->ignorable && c != BLANK_BRAILLE && category != UTF8PROC_CATEGORY_CN &&
	       category != UTF8PROC_CATEGORY_MN && !(category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_CS);
}

bool unicode_is_visible(const char *text)
{
	uint32_t c;

	for (size_t step; (step = utf8_decode(text, UTF8_MAX, &c)) && c; text += step)
		if (is_visible(c))
			return true;
	return false;
}

/* ---- texts ---- */

/* The characters of TEXT, decomposed and in canonical order, with room for a NUL. They are nearly always fewer than its bytes. */
static bool decompose(const char *text, size_t len, utf8proc_int32_t **out, size_t *count, struct error *err)
{
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
	utf8proc_ssize_t room = 0, needed = (utf8proc_ssize_t)len;

	while (needed > room || !*out) {
		room = needed;
		utf8proc_int32_t *characters = realloc(*out, ((size_t)room + 1) * sizeof(*characters));
		if (!characters)
			return error_no_memory(err);
		*out = characters;
		needed = utf8proc_decompose(bytes, (utf8proc_ssize_t)len, characters, room, folding);
		if (needed < 0)
			return error_set(err, ERR_INTERNAL, "%s", utf8proc_errmsg(needed));
	}
	*count = (size_t)needed;
	return true;
}

static size_t drop_accents(utf8proc_int32_t *characters, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (unicode_kind((uint32_t)characters[i]) != UNICODE_ACCENT)
			characters[kept++] = characters[i];
	return kept;
}

static bool fold_any(const char *text, char **out, struct error *err)
{
	AUTO(text_free) char *valid = NULL;
	AUTO(text_free) char *folded = NULL;
	utf8proc_int32_t *characters = NULL;
	size_t count = 0;

	if (!text_repair(text, strlen(text), &valid, err))
		return false;
	bool done = decompose(valid, strlen(valid), &characters, &count, err);
	folded = (char *)characters; /* which it is turned into in place */
	if (!done)
		return false;
	utf8proc_reencode(characters, (utf8proc_ssize_t)drop_accents(characters, count), UTF8PROC_COMPOSE);
	return text_squeeze(folded, out, err);
}

static bool fold_ascii(const char *text, char **out, struct error *err)
{
	if (!text_squeeze(text, out, err))
		return false;
	for (char *at = *out; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return true;
}

static bool is_ascii(const char *text)
{
	while (*text && !((unsigned char)*text & 0x80))
		text++;
	return *text == '\0';
}

bool unicode_fold_text(const char *text, char **out, struct error *err)
{
	if (strlen(text) > TEXT_MAX)
		return error_set(err, ERR_TOO_LARGE, "a text of more than %d bytes", TEXT_MAX);
	return is_ascii(text) ? fold_ascii(text, out, err) : fold_any(text, out, err);
}
