#include "model/run.h"

#include <stdlib.h>

/* Ticks are late when this many intervals, and at least this long, passed without one. */
enum { LATE_INTERVALS = 10, LATE_S = 15 * 60 };

void run_clear(struct run *run)
{
	free(run->error);
	*run = (struct run){0};
}

void run_list_clear(struct run_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		run_clear(&list->items[i]);
	free(list->items);
	*list = (struct run_list){0};
}

bool run_is_late(int64_t last_at, int64_t interval_s, int64_t now)
{
	int64_t patience = interval_s * LATE_INTERVALS > LATE_S ? interval_s * LATE_INTERVALS : LATE_S;

	return now - last_at > patience;
}
