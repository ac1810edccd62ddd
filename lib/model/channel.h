/* A channel, as lists of channels show it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct writer; /* base/json_writer.h */

struct channel {
	char *id;       /* YouTube's */
	char *title;    /* "" when unknown */
	int64_t videos; /* of it, that are counted */
};

struct channel_list {
	struct channel *items;
	size_t count;
};

void channel_list_clear(struct channel_list *list);

/* Appends an empty channel and returns it (borrowed, until the next call), NULL without memory. */
struct channel *channel_list_add(struct channel_list *list);

/* The channel as one object: id, url, title, videos. */
void channel_write_json(struct writer *w, const struct channel *channel);
