#include "model/channel.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "base/list.h"
#include "model/video.h"

void channel_list_clear(struct channel_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].id);
		free(list->items[i].title);
	}
	free(list->items);
	*list = (struct channel_list){0};
}

struct channel *channel_list_add(struct channel_list *list)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return NULL;
	list->items[list->count] = (struct channel){0};
	return &list->items[list->count++];
}

void channel_write_json(struct writer *w, const struct channel *channel)
{
	char url[CHANNEL_URL_SIZE];

	channel_url(channel->id, url);
	write_object(w, NULL);
	write_text(w, "id", channel->id);
	write_text(w, "url", url);
	write_filled_text(w, "title", channel->title);
	write_int(w, "videos", channel->videos);
	write_end(w);
}
