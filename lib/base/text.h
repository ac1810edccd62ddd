/* Texts as C strings: copies, strict numbers, white space, repair. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Letters and digits of ASCII, for strspn() and as digits: TEXT_ALPHANUMERIC "-_" are those of base64url. */
#define TEXT_ALPHANUMERIC "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

enum { TEXT_MAX = 1024 * 1024 }; /* bytes of a text that is squeezed or folded */

/* free() for AUTO: AUTO(text_free) char *name = NULL; */
void text_free(char **text);

/* A copy of TEXT, the caller's to free. NULL stays NULL. Errors: ERR_NO_MEMORY. */
MUST_USE bool text_copy(const char *text, char **out, struct error *err);

/* Replaces *SLOT by a copy of TEXT (NULL empties it). Errors: ERR_NO_MEMORY, *SLOT unchanged. */
MUST_USE bool text_replace(char **slot, const char *text, struct error *err);

/* A decimal integer and nothing else: an optional '-', digits, within MIN..MAX. False without a message otherwise. */
MUST_USE bool text_int(const char *text, int64_t min, int64_t max, int64_t *out);

/* How many bytes have to be put in, left out or replaced to make one of the other (Levenshtein). Of texts longer than 64 bytes: SIZE_MAX. */
size_t text_distance(const char *a, const char *b);

/* The FNV-1a hash of LEN bytes (http://www.isthe.com/chongo/tech/comp/fnv/): the same in every run and on every machine. */
uint64_t text_hash(const char *bytes, size_t len);

/* LEN bytes as valid UTF-8 without NUL, each byte that belongs to no character replaced by U+FFFD. The caller's to free.
 * Errors: ERR_NO_MEMORY. */
MUST_USE bool text_repair(const char *bytes, size_t len, char **out, struct error *err);

/* TEXT trimmed, runs of white space as one space. The caller's to free. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE (over TEXT_MAX). */
MUST_USE bool text_squeeze(const char *text, char **out, struct error *err);
