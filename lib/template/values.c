#include "template/values.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 32 * 1024 };

/* A piece of the arena. */
struct chunk {
	struct chunk *before;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

void tree_clear(struct tree *tree)
{
	while (tree->chunks) {
		struct chunk *before = tree->chunks->before;

		free(tree->chunks);
		tree->chunks = before;
	}
	*tree = (struct tree){0};
}

static bool fail(struct tree *tree, enum error_code code)
{
	if (!tree->failed)
		tree->failed = code;
	return false;
}

static bool add_chunk(struct tree *tree, size_t least)
{
	size_t size = least > CHUNK_BYTES ? least : CHUNK_BYTES;

	if (size > TREE_MAX_BYTES - tree->used)
		return fail(tree, ERR_TOO_LARGE);
	struct chunk *chunk = malloc(sizeof(*chunk) + size);
	if (!chunk)
		return fail(tree, ERR_NO_MEMORY);
	*chunk = (struct chunk){.before = tree->chunks, .size = size};
	tree->chunks = chunk;
	tree->used += size;
	return true;
}

/* LEN bytes of the arena, aligned for anything; NULL when there is no room. */
static void *take(struct tree *tree, size_t len)
{
	size_t rounded = (len + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);

	if (tree->failed)
		return NULL;
	if ((!tree->chunks || rounded > tree->chunks->size - tree->chunks->used) && !add_chunk(tree, rounded))
		return NULL;
	void *bytes = tree->chunks->bytes + tree->chunks->used;
	tree->chunks->used += rounded;
	return bytes;
}

static const char *copy(struct tree *tree, const char *text)
{
	size_t len = strlen(text) + 1;
	char *bytes = take(tree, len);

	if (!bytes)
		return "";
	memcpy(bytes, text, len);
	return bytes;
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
	for (const struct node *child = object->first; child; child = child->next)
		if (child->name && strcmp(child->name, name) == 0)
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
