#include "model/query.h"

#include <stdlib.h>

void query_clear(struct query *query)
{
	coverage_clear(&query->gaps);
	coverage_clear(&query->coverage);
	free(query->text);
	free(query->error);
	*query = (struct query){0};
}

void query_list_clear(struct query_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		query_clear(&list->items[i]);
	free(list->items);
	*list = (struct query_list){0};
}

const char *query_state_name(const struct query *query)
{
	return query->presence == PRESENCE_ACTIVE ? "active" : "paused";
}
