/*
 * The field writer: a view names each field once, and gets JSON text (for the API) or a tree (for a template).
 *
 *	write_object(w, NULL);            a value inside an array, or the outermost one
 *	write_text(w, "title", title);    a member of an object; NAME is NULL inside an array
 *	write_array(w, "results"); … write_end(w);
 *	write_end(w);
 *
 * Failures (no memory, too large) are remembered by the buffer or the tree and told once at the end, as with struct buf.
 * Wrong nesting is a programmer's mistake and asserted.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum { WRITER_DEPTH_MAX = 16 };

enum value_type { VALUE_NULL, VALUE_FALSE, VALUE_TRUE, VALUE_NUMBER, VALUE_TEXT, VALUE_ARRAY, VALUE_OBJECT };

/* Appends a value to PARENT, an object or array that it returned before, or NULL for the outermost value. NAME is a literal, NULL
 * inside an array; TEXT is that of a text or number. Never NULL. */
typedef void *add_value(void *tree, void *parent, enum value_type type, const char *name, const char *text);

struct writer {
	struct buf *json; /* NULL: values are added to TREE by ADD */
	add_value *add;
	void *tree;
	enum error_code *failed;      /* the first failure is remembered here: in the buffer, or with the tree */
	void *open[WRITER_DEPTH_MAX]; /* tree: the open objects and arrays */
	bool in_array[WRITER_DEPTH_MAX];
	bool empty[WRITER_DEPTH_MAX]; /* JSON: whether a comma is due */
	int depth;
};

/* Writes JSON text to the end of OUT (borrowed). */
struct writer writer_json(struct buf *out);

/* Adds values to TREE (borrowed) by ADD, and remembers failures in *FAILED; template/values.h has such trees. */
struct writer writer_tree(void *tree, add_value *add, enum error_code *failed);

void write_object(struct writer *w, const char *name);
void write_array(struct writer *w, const char *name);
void write_end(struct writer *w);
void write_text(struct writer *w, const char *name, const char *text);        /* NULL writes null */
void write_filled_text(struct writer *w, const char *name, const char *text); /* NULL and "" write null */
void write_buf(struct writer *w, const char *name, const struct buf *text);   /* a failure of TEXT becomes one of the writer's */
void write_int(struct writer *w, const char *name, int64_t value);
void write_bool(struct writer *w, const char *name, bool value);
void write_null(struct writer *w, const char *name);
void write_time(struct writer *w, const char *name, int64_t time); /* RFC 3339; 0 writes null */

/* A complete JSON value that newsreel itself made; trees hold it as text. */
void write_raw_json(struct writer *w, const char *name, const char *json);
