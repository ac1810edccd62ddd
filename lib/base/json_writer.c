#include "base/json_writer.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "base/timestamp.h"

struct writer writer_json(struct buf *out)
{
	return (struct writer){.json = out, .failed = &out->failed};
}

struct writer writer_tree(void *tree, add_value *add, enum error_code *failed)
{
	return (struct writer){.tree = tree, .add = add, .failed = failed};
}

/* ---- JSON ---- */

/* 1 in each of eight bytes, and the highest bit of each. */
#define ONES (UINT64_MAX / 0xFF)
#define HIGH_BITS (ONES << 7)

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c != '"' && c != '\\';
}

/* Whether one of eight bytes is 0. */
static uint64_t has_zero(uint64_t eight)
{
	return (eight - ONES) & ~eight & HIGH_BITS;
}

/* Whether one of eight bytes needs escaping. */
static uint64_t special_among(uint64_t eight)
{
	return ((eight - ONES * ' ') & ~eight & HIGH_BITS) | has_zero(eight ^ (ONES * '"')) | has_zero(eight ^ (ONES * '\\'));
}

/* How many of the LEN bytes at TEXT need no escaping. Eight at a time: this is where a page spends its time. */
static size_t plain_length(const char *text, size_t len)
{
	size_t at = 0;
	uint64_t eight;

	for (; len - at >= sizeof(eight); at += sizeof(eight)) {
		memcpy(&eight, text + at, sizeof(eight));
		if (special_among(eight))
			break;
	}
	while (at < len && is_plain((unsigned char)text[at]))
		at++;
	return at;
}

/* Writes LEN bytes of text that needs no escaping but for the characters RFC 8259 section 7 demands: runs between those are
 * copied at once. */
static void add_escaped(struct buf *out, const char *text, size_t len)
{
	for (const char *end = text + len; text < end; text++) {
		size_t plain = plain_length(text, (size_t)(end - text));

		buf_add(out, text, plain);
		text += plain;
		if (text == end)
			return;
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\') {
			buf_add(out, (char[]){'\\', (char)c}, 2);
		} else if (c == '\n') {
			buf_add(out, "\\n", 2);
		} else {
			buf_printf(out, "\\u%04x", c);
		}
	}
}

/* LEN bytes that need no escaping, in quotes. */
static void add_quoted(struct buf *out, const char *text, size_t len)
{
	char *at = buf_extend(out, len + 2);

	if (!at)
		return;
	at[0] = '"';
	memcpy(at + 1, text, len);
	at[len + 1] = '"';
}

/* Whether no byte needs escaping and all are ASCII: as most texts are, and those need no further look. */
static bool is_plain_ascii(const char *text, size_t len)
{
	uint64_t eight;
	size_t at = 0;

	for (; len - at >= sizeof(eight); at += sizeof(eight)) {
		memcpy(&eight, text + at, sizeof(eight));
		if ((eight & HIGH_BITS) | special_among(eight))
			return false;
	}
	while (at < len && is_plain((unsigned char)text[at]) && !(text[at] & 0x80))
		at++;
	return at == len;
}

static void add_string(struct buf *out, const char *text)
{
	AUTO(text_free) char *repaired = NULL;
	size_t len = strlen(text);
	struct error err;

	if (is_plain_ascii(text, len)) {
		add_quoted(out, text, len);
		return;
	}
	/* The store holds valid UTF-8 only; what came another way must not make invalid JSON. */
	if (!utf8_is_valid(text, len)) {
		if (!text_repair(text, len, &repaired, &err)) {
			out->failed = err.code;
			return;
		}
		text = repaired;
		len = strlen(text);
	}
	buf_add_char(out, '"');
	add_escaped(out, text, len);
	buf_add_char(out, '"');
}

static void put_name(char *at, const char *name, size_t len)
{
	at[0] = '"';
	memcpy(at + 1, name, len);
	at[len + 1] = '"';
	at[len + 2] = ':';
}

/* The comma and the name before a value. */
static void begin_json(struct writer *w, const char *name)
{
	size_t len = name ? strlen(name) : 0;
	bool comma = w->depth > 0 && !w->empty[w->depth - 1];

	assert(w->depth == 0 || w->in_array[w->depth - 1] == (name == NULL));
	if (w->depth > 0)
		w->empty[w->depth - 1] = false;
	char *at = buf_extend(w->json, comma + (name ? len + 3 : 0));
	if (!at)
		return;
	if (comma)
		*at++ = ',';
	if (name)
		put_name(at, name, len);
}

static void add_literal(struct writer *w, const char *name, const char *literal)
{
	begin_json(w, name);
	buf_add_text(w->json, literal);
}

/* ---- both ---- */

static void *add_node(struct writer *w, enum value_type type, const char *name, const char *text)
{
	return w->add(w->tree, w->depth ? w->open[w->depth - 1] : NULL, type, name, text);
}

static void open_value(struct writer *w, const char *name, bool array)
{
	assert(w->depth < WRITER_DEPTH_MAX);
	if (w->json)
		add_literal(w, name, array ? "[" : "{");
	else
		w->open[w->depth] = add_node(w, array ? VALUE_ARRAY : VALUE_OBJECT, name, NULL);
	w->in_array[w->depth] = array;
	w->empty[w->depth] = true;
	w->depth++;
}

void write_object(struct writer *w, const char *name)
{
	open_value(w, name, false);
}

void write_array(struct writer *w, const char *name)
{
	open_value(w, name, true);
}

void write_end(struct writer *w)
{
	assert(w->depth > 0);
	w->depth--;
	if (w->json)
		buf_add_char(w->json, w->in_array[w->depth] ? ']' : '}');
}

void write_text(struct writer *w, const char *name, const char *text)
{
	if (!text) {
		write_null(w, name);
	} else if (w->json) {
		begin_json(w, name);
		add_string(w->json, text);
	} else {
		add_node(w, VALUE_TEXT, name, text);
	}
}

void write_filled_text(struct writer *w, const char *name, const char *text)
{
	write_text(w, name, text && *text ? text : NULL);
}

void write_buf(struct writer *w, const char *name, const struct buf *text)
{
	if (text->failed && !*w->failed)
		*w->failed = text->failed;
	write_text(w, name, buf_text(text));
}

void write_int(struct writer *w, const char *name, int64_t value)
{
	char text[INT_TEXT_SIZE];

	if (w->json) {
		begin_json(w, name);
		buf_add_int(w->json, value);
	} else {
		int_text(value, text);
		add_node(w, VALUE_NUMBER, name, text);
	}
}

void write_bool(struct writer *w, const char *name, bool value)
{
	if (w->json)
		add_literal(w, name, value ? "true" : "false");
	else
		add_node(w, value ? VALUE_TRUE : VALUE_FALSE, name, NULL);
}

void write_null(struct writer *w, const char *name)
{
	if (w->json)
		add_literal(w, name, "null");
	else
		add_node(w, VALUE_NULL, name, NULL);
}

void write_time(struct writer *w, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	if (time == 0) {
		write_null(w, name);
		return;
	}
	timestamp_format(time, text);
	if (!w->json) {
		add_node(w, VALUE_TEXT, name, text);
		return;
	}
	begin_json(w, name);
	add_quoted(w->json, text, strlen(text));
}

void write_raw_json(struct writer *w, const char *name, const char *json)
{
	if (w->json)
		add_literal(w, name, json);
	else
		add_node(w, VALUE_TEXT, name, json);
}
