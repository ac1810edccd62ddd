/* An arena: many small pieces of memory that are released at once. struct arena arena = {0}; … arena_clear(&arena). */
#pragma once

#include <stddef.h>

struct arena {
	struct arena_chunk *chunks; /* the newest first */
	size_t size;                /* bytes of all chunks */
};

/* Releases everything; the arena is empty then. */
void arena_clear(struct arena *arena);

/* LEN bytes, aligned for anything; NULL without memory. */
void *arena_take(struct arena *arena, size_t len);

/* A copy of LEN bytes, packed: it is aligned for nothing. NULL without memory. */
char *arena_copy(struct arena *arena, const char *bytes, size_t len);
