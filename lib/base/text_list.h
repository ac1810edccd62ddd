/* Several texts, all owned: struct text_list list = {0}; … text_list_clear(&list). */
#pragma once

#include <stddef.h>

#include "base/error.h"

struct text_list {
	char **items;
	size_t count;
};

/* Releases the texts; the list is empty then. */
void text_list_clear(struct text_list *list);

/* Adds a copy of TEXT. Errors: ERR_NO_MEMORY. */
MUST_USE bool text_list_add(struct text_list *list, const char *text, struct error *err);

/* Whether TEXT is one of the list, byte for byte. */
bool text_list_has(const struct text_list *list, const char *text);

/* The parts of TEXT between SEPARATORs, each without white space at its ends, empty ones left out. Errors: ERR_NO_MEMORY. */
MUST_USE bool text_list_split(const char *text, char separator, struct text_list *out, struct error *err);
