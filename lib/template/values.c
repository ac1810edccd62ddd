#include "template/values.h"

#include <string.h>

void tree_clear(struct tree *tree)
{
	arena_clear(&tree->arena);
	*tree = (struct tree){0};
}

/* Remembers the failure when there is no room. */
static void *take(struct tree *tree, size_t len)
{
	if (!tree->failed && (tree->arena.size > TREE_MAX_BYTES || len > TREE_MAX_BYTES))
		tree->failed = ERR_TOO_LARGE;
	void *bytes = tree->failed ? NULL : arena_take(&tree->arena, len);
	if (!bytes && !tree->failed)
		tree->failed = ERR_NO_MEMORY;
	return bytes;
}

static const char *copy(struct tree *tree, const char *text)
{
	size_t len = strlen(text) + 1;
	char *bytes = take(tree, len);

	return bytes ? memcpy(bytes, text, len) : "";
}

static void append(struct node *parent, struct node *node)
{
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
}

struct node *tree_add(struct tree *tree, struct node *parent, enum value_type type, const char *name, const char *text)
{
	struct node *node = take(tree, sizeof(*node));

	if (!node) {
		tree->spare = (struct node){0}; /* children of it are lost, and so is the tree */
		return &tree->spare;
	}
	*node = (struct node){.type = type, .name = name, .text = text ? copy(tree, text) : NULL};
	if (parent)
		append(parent, node);
	else
		tree->root = node;
	return node;
}

static void *add_child(void *tree, void *parent, enum value_type type, const char *name, const char *text)
{
	return tree_add(tree, parent, type, name, text);
}

struct writer writer_values(struct tree *tree)
{
	return writer_tree(tree, add_child, &tree->failed);
}

const struct node *node_get(const struct node *object, const char *name)
{
	/* Nearly all differ in the first letter. */
	for (const struct node *child = object->first; child; child = child->next)
		if (child->name && child->name[0] == name[0] && strcmp(child->name, name) == 0)
			return child;
	return NULL;
}

bool tree_ok(const struct tree *tree, struct error *err)
{
	if (tree->failed == ERR_NO_MEMORY)
		return error_no_memory(err);
	if (tree->failed)
		return error_set(err, ERR_TOO_LARGE, "the page is larger than %d bytes", TREE_MAX_BYTES);
	return true;
}
