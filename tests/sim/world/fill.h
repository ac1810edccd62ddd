/* Texts with gaps: "Quota of {project}". */
#pragma once

#include "base/buf.h"

struct fill_slot {
	const char *name;
	const char *text;
};

/* Appends FORM to OUT with every {name} replaced by the text of its slot; names that no slot has stay as they are. */
void fill(struct buf *out, const char *form, const struct fill_slot *slots, size_t count);
