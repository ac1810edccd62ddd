/* Text: copies, strict numbers, white space, case, UTF-8, lists. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* free() for AUTO: AUTO(text_free) char *name = NULL; */
void text_free(char **text);

/* A copy of TEXT, the caller's to free. NULL stays NULL. Errors: ERR_NO_MEMORY. */
MUST_USE bool text_copy(const char *text, char **out, struct error *err);

/* Replaces *SLOT by a copy of TEXT (NULL empties it). Errors: ERR_NO_MEMORY, *SLOT unchanged. */
MUST_USE bool text_replace(char **slot, const char *text, struct error *err);

/* A decimal integer and nothing else: an optional '-', digits, within MIN..MAX. False without a message otherwise. */
MUST_USE bool text_int(const char *text, int64_t min, int64_t max, int64_t *out);

/* Whether LEN bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms) without a NUL. */
bool text_is_utf8(const char *bytes, size_t len);

/* The number of characters (code points) of valid UTF-8. */
size_t text_length(const char *text);

/* Whether TEXT has a control character (U+0000 to U+001F, U+007F to U+009F). */
bool text_has_control(const char *text);

/* LEN bytes as valid UTF-8 without NUL, ill-formed parts replaced by U+FFFD. The caller's to free.
 * Errors: ERR_NO_MEMORY. */
MUST_USE bool text_repair_utf8(const char *bytes, size_t len, char **out, struct error *err);

/* Trimmed, runs of white space as one space. The caller's to free. Errors: ERR_NO_MEMORY. */
MUST_USE bool text_squeeze(const char *text, char **out, struct error *err);

/* Squeezed and with its case folded, in every script that has cases: equal results mean equal queries. The caller's to free.
 * Errors: ERR_NO_MEMORY. */
MUST_USE bool text_fold(const char *text, char **out, struct error *err);

/* Several texts, all owned. */
struct text_list {
	char **items;
	size_t count;
};

void text_list_clear(struct text_list *list);

/* Adds a copy of TEXT. Errors: ERR_NO_MEMORY. */
MUST_USE bool text_list_add(struct text_list *list, const char *text, struct error *err);

/* Whether TEXT is one of the list, byte for byte. */
bool text_list_has(const struct text_list *list, const char *text);

/* The parts of TEXT between SEPARATORs, each without white space at its ends, empty ones left out. Errors: ERR_NO_MEMORY. */
MUST_USE bool text_list_split(const char *text, char separator, struct text_list *out, struct error *err);
