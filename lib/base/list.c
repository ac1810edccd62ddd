#include "base/list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_AT_FIRST = 4 };

bool list_grow(void *items, size_t count, size_t size)
{
	size_t room = count ? 2 * count : ROOM_AT_FIRST;
	void *before, *after;

	if (count && (count < ROOM_AT_FIRST || (count & (count - 1))))
		return true;
	if (room > SIZE_MAX / 2 / size)
		return false;
	memcpy(&before, items, sizeof(before)); /* it is a pointer of another type */
	after = realloc(before, room * size);
	if (after)
		memcpy(items, &after, sizeof(after));
	return after != NULL; /* cppcheck-suppress memleak; ITEMS has it */
}
