/* Lists that grow: an array that the list owns, and a count. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* Makes room for one item more: *ITEMS is the array (NULL at first) of COUNT items of SIZE bytes. Room is made at powers of two,
 * which COUNT tells; an array that grows here is never made or cut elsewhere. False without memory, *ITEMS unchanged.
 *	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
 *		return error_no_memory(err);
 */
MUST_USE bool list_grow(void *items, size_t count, size_t size);
