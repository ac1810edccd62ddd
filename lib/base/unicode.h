/*
 * What Unicode knows of characters: which letters are the same in another form, and what is a letter, a mark or an emoji. The only code
 * that knows utf8proc (https://juliastrings.github.io/utf8proc/).
 *
 * Folding is Unicode's NFKC_Casefold, decomposed: upper and lower case, composed and decomposed, fullwidth, halfwidth, mathematical
 * letters and ligatures become one; ß becomes ss; what is invisible, such as soft hyphens, joiners and variation selectors, is dropped.
 */
#pragma once

#include <stdint.h>

#include "base/error.h"

enum { UNICODE_FOLD_MAX = 32 }; /* characters that one becomes: 18 at most in Unicode 15 */

enum unicode_kind {
	UNICODE_OTHER,    /* white space, punctuation, signs */
	UNICODE_LETTER,   /* or digit */
	UNICODE_SIGN,     /* a mark that makes another letter: vowels and tones of Indic scripts and Thai, the voicing of kana */
	UNICODE_ACCENT,   /* a mark that does not */
	UNICODE_POINT,    /* of Hebrew, Arabic or Syriac, tatweel, nukta */
	UNICODE_EMOJI,    /* one that is whole */
	UNICODE_REGIONAL, /* half a flag */
};

/* The characters that C becomes, and how many; none when C is invisible. */
size_t unicode_fold(uint32_t c, uint32_t out[UNICODE_FOLD_MAX]);

enum unicode_kind unicode_kind(uint32_t c);

/* The canonical combining class: marks after a letter stand in its order, 0 is what they follow. */
int unicode_order(uint32_t c);

/* Whether a letter and what follows it are one letter, which *LETTER becomes: a kana and its voicing, jamo of a syllable. */
bool unicode_compose(uint32_t *letter, uint32_t next);

/* ™ and the like: raised letters that are a sign and no part of the word before them. */
bool unicode_is_raised_sign(uint32_t c);

/* Whether TEXT, valid UTF-8, has a character that can be seen. */
bool unicode_is_visible(const char *text);

/* TEXT squeezed (text_squeeze()), folded, without accents, composed: equal results mean equal queries. Points stay, and strokes (ø). The
 * caller's to free. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE (more than 1 MiB). */
MUST_USE bool unicode_fold_text(const char *text, char **out, struct error *err);
