/* A copy of the public videos, as somebody keeps it who reads /api/changes and does what docs/lists.md says. */
#pragma once

#include "tests/support/flow.h"

enum { COPY_KINDS = 5, COPY_CURSOR_SIZE = 64 };

struct copy_entry {
	char id[16];
	char *video; /* JSON; NULL = it was there */
};

struct copy {
	struct flow *flow;             /* borrowed */
	char cursor[COPY_CURSOR_SIZE]; /* "" = from the beginning */
	struct copy_entry *slots;      /* a hash table */
	size_t capacity, used, videos;
	int64_t told[COPY_KINDS]; /* changes read: added, updated, hidden, back, gone */
};

void copy_clear(struct copy *copy);

/* Notes where the order of changes ends, for a copy that is made otherwise: by COPY_TAKE_PAGE, which adds a page of the list that begins at
 * URL and leads to the next one; "" after the last. */
void copy_note_cursor(struct copy *copy);
void copy_take_page(struct copy *copy, char *url, size_t size);

/* Reads on by a page; returns whether more is waiting. */
bool copy_read(struct copy *copy, int page_size);

/* Reads all that there is, and fails the test unless the copy is what /api/videos has then. */
void copy_assert_true(struct copy *copy);
