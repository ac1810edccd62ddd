/* JSON as Google prints it: one member a line, two spaces deeper with each level, "name": value. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum { EMIT_DEPTH_MAX = 16 };

/* struct emit e = {.to = &body}; a failure is the buffer's and shows in buf_ok(). */
struct emit {
	struct buf *to; /* borrowed */
	int depth;
	char ends[EMIT_DEPTH_MAX]; /* the brackets to close */
	bool filled;               /* the open value has a member already */
};

/* NAME is NULL in lists and for the outermost value. TEXT is valid UTF-8. */
void emit_object(struct emit *e, const char *name);
void emit_list(struct emit *e, const char *name);
void emit_end(struct emit *e);
void emit_text(struct emit *e, const char *name, const char *text);
void emit_number(struct emit *e, const char *name, int64_t number);
void emit_bool(struct emit *e, const char *name, bool value);

/* A number as text, the way YouTube gives counts. */
void emit_count(struct emit *e, const char *name, int64_t number);

/* A time as "2026-11-22T10:00:00Z". */
void emit_time(struct emit *e, const char *name, int64_t time);
