#include "model/video/gone.h"

#include <stdlib.h>

#include "base/json_writer.h"

void gone_list_clear(struct gone_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		for (size_t q = 0; q < list->items[i].query_count; q++)
			free(list->items[i].queries[q].text);
		free(list->items[i].queries);
	}
	free(list->items);
	*list = (struct gone_list){0};
}

void gone_write_json(struct writer *w, const struct gone_video *video)
{
	write_object(w, NULL);
	write_text(w, "id", video->id);
	write_time(w, "published_at", video->published_at);
	write_time(w, "first_seen_at", video->first_seen_at);
	write_time(w, "last_seen_at", video->checked_at);
	write_time(w, "missing_at", video->missing_at);
	write_time(w, "gone_at", video->gone_at);
	write_array(w, "queries");
	for (size_t i = 0; i < video->query_count; i++) {
		write_object(w, NULL);
		write_int(w, "id", video->queries[i].id);
		write_text(w, "query", video->queries[i].text);
		write_end(w);
	}
	write_end(w);
	write_end(w);
}
