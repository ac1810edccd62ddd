#include "tests/sim/emit.h"

#include <assert.h>
#include <string.h>

#include "base/timestamp.h"

static void new_line(struct emit *e)
{
	buf_add_char(e->to, '\n');
	for (int i = 0; i < e->depth; i++)
		buf_add_text(e->to, "  ");
}

static void quote(struct buf *to, const char *text)
{
	static const char letters[] = "\"\\\b\f\n\r\t";
	static const char names[] = "\"\\bfnrt";

	buf_add_char(to, '"');
	for (; *text; text++) {
		const char *special = strchr(letters, *text);
		if (special)
			buf_printf(to, "\\%c", names[special - letters]);
		else if ((unsigned char)*text < 0x20)
			buf_printf(to, "\\u%04x", (unsigned char)*text);
		else
			buf_add_char(to, *text);
	}
	buf_add_char(to, '"');
}

/* What stands before a value. */
static void begin(struct emit *e, const char *name)
{
	if (e->filled)
		buf_add_char(e->to, ',');
	if (e->depth)
		new_line(e);
	if (name) {
		quote(e->to, name);
		buf_add_text(e->to, ": ");
	}
	e->filled = true;
}

static void open_value(struct emit *e, const char *name, const char *brackets)
{
	assert(e->depth < EMIT_DEPTH_MAX);
	begin(e, name);
	buf_add_char(e->to, brackets[0]);
	e->ends[e->depth++] = brackets[1];
	e->filled = false;
}

void emit_object(struct emit *e, const char *name)
{
	open_value(e, name, "{}");
}

void emit_list(struct emit *e, const char *name)
{
	open_value(e, name, "[]");
}

void emit_end(struct emit *e)
{
	assert(e->depth > 0);
	e->depth--;
	if (e->filled)
		new_line(e);
	buf_add_char(e->to, e->ends[e->depth]);
	if (!e->depth)
		buf_add_char(e->to, '\n');
	e->filled = true;
}

void emit_text(struct emit *e, const char *name, const char *text)
{
	begin(e, name);
	quote(e->to, text);
}

void emit_number(struct emit *e, const char *name, int64_t number)
{
	begin(e, name);
	buf_add_int(e->to, number);
}

void emit_bool(struct emit *e, const char *name, bool value)
{
	begin(e, name);
	buf_add_text(e->to, value ? "true" : "false");
}

void emit_count(struct emit *e, const char *name, int64_t number)
{
	begin(e, name);
	buf_add_char(e->to, '"');
	buf_add_int(e->to, number);
	buf_add_char(e->to, '"');
}

void emit_time(struct emit *e, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(time, text);
	emit_text(e, name, text);
}
