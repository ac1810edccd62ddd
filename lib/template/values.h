/* Values for a template: objects, arrays, text, numbers, booleans, nulls, in an arena that is released at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json_writer.h"

struct node {
	enum value_type type;
	const char *name;          /* borrowed: a literal; NULL inside an array */
	const char *text;          /* of text and numbers; in the arena */
	struct node *first, *last; /* children, in order */
	struct node *next;
};

struct tree {
	struct arena arena; /* of little more than TREE_MAX_BYTES */
	struct node *root;
	struct node spare;      /* what tree_add returns without memory */
	enum error_code failed; /* remembered, told by tree_ok */
};

enum { TREE_MAX_BYTES = 64 * 1024 * 1024 };

void tree_clear(struct tree *tree);

/* Writes into TREE (borrowed), whose root becomes the outermost value. */
struct writer writer_values(struct tree *tree);

/* Appends a child to PARENT (NULL: the root). NAME must outlive the tree. The new node is never NULL: without memory it is a
 * spare one and the tree is marked as failed. */
struct node *tree_add(struct tree *tree, struct node *parent, enum value_type type, const char *name, const char *text);

/* The child of an object called NAME, NULL when there is none. */
const struct node *node_get(const struct node *object, const char *name);

MUST_USE bool tree_ok(const struct tree *tree, struct error *err);
