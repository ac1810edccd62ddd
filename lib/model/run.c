#include "model/run.h"

#include <stdlib.h>

#include "base/json_writer.h"

/* Runs are late when this many intervals, and at least this long, passed without one. */
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

void run_write_json(struct writer *w, const struct run *run)
{
	write_object(w, NULL);
	write_time(w, "started_at", run->started_at);
	write_time(w, "finished_at", run->finished_at);
	write_int(w, "searches", run->searches);
	write_int(w, "units", run->units);
	write_int(w, "recount_units", run->recount_units);
	write_int(w, "added", run->added);
	write_int(w, "updated", run->updated);
	write_int(w, "skipped", run->skipped);
	write_int(w, "gone", run->gone);
	write_int(w, "hidden", run->hidden);
	write_int(w, "failures", run->failures);
	write_int(w, "ms", run->ms);
	write_text(w, "error", run->error);
	write_end(w);
}
