#include "tests/sim/world/fill.h"

#include <string.h>

static const struct fill_slot *find(const struct fill_slot *slots, size_t count, const char *name, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(slots[i].name) == len && memcmp(slots[i].name, name, len) == 0)
			return &slots[i];
	return NULL;
}

void fill(struct buf *out, const char *form, const struct fill_slot *slots, size_t count)
{
	while (*form) {
		const char *end = *form == '{' ? strchr(form, '}') : NULL;
		const struct fill_slot *slot = end ? find(slots, count, form + 1, (size_t)(end - form - 1)) : NULL;

		if (slot) {
			buf_add_text(out, slot->text);
			form = end + 1;
		} else {
			buf_add_char(out, *form++);
		}
	}
}
