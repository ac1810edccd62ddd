#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void pieces_are_aligned_and_apart(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t len = 1; len < 1000; len++) {
		char *copy = arena_copy(&arena, "abcde", len % 5 + 1);
		void *piece = arena_take(&arena, len);

		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
		memset(piece, 0xFF, len);
		assert_int_equal(strncmp(copy, "abcde", len % 5 + 1), 0);
	}
	arena_clear(&arena);
	assert_null(arena.chunks);
	assert_int_equal(arena.size, 0);
}

static void a_piece_may_be_larger_than_a_chunk(void **state)
{
	struct arena arena = {0};
	char *large = arena_take(&arena, 1024 * 1024);

	(void)state;
	assert_non_null(large);
	memset(large, 1, 1024 * 1024);
	assert_non_null(arena_take(&arena, 1));
	assert_true(arena.size > 1024 * 1024);
	assert_null(arena_take(&arena, SIZE_MAX));
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pieces_are_aligned_and_apart),
	    cmocka_unit_test(a_piece_may_be_larger_than_a_chunk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
