#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 32 * 1024 };

struct arena_chunk {
	struct arena_chunk *before;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

void arena_clear(struct arena *arena)
{
	while (arena->chunks) {
		struct arena_chunk *before = arena->chunks->before;

		free(arena->chunks);
		arena->chunks = before;
	}
	arena->size = 0;
}

static struct arena_chunk *add_chunk(struct arena *arena, size_t least)
{
	size_t size = least > CHUNK_BYTES ? least : CHUNK_BYTES;
	struct arena_chunk *chunk = size <= SIZE_MAX / 2 ? malloc(sizeof(*chunk) + size) : NULL;

	if (!chunk)
		return NULL;
	*chunk = (struct arena_chunk){.before = arena->chunks, .size = size};
	arena->chunks = chunk;
	arena->size += size;
	return chunk;
}

/* LEN bytes at a multiple of ALIGNMENT, a power of two. */
static void *take(struct arena *arena, size_t len, size_t alignment)
{
	struct arena_chunk *chunk = arena->chunks;
	size_t at = chunk ? (chunk->used + alignment - 1) & ~(alignment - 1) : 0;

	if (!chunk || at > chunk->size || len > chunk->size - at) {
		chunk = add_chunk(arena, len);
		at = 0;
	}
	if (!chunk)
		return NULL;
	chunk->used = at + len;
	return chunk->bytes + at;
}

void *arena_take(struct arena *arena, size_t len)
{
	return take(arena, len, _Alignof(max_align_t));
}

char *arena_copy(struct arena *arena, const char *bytes, size_t len)
{
	char *copy = take(arena, len, 1);

	if (copy)
		memcpy(copy, bytes, len);
	return copy;
}
