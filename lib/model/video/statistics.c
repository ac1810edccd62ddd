#include "model/video/statistics.h"

#include <stdlib.h>

#include "model/video/json.h"

void statistics_clear(struct statistics *statistics)
{
	free(statistics->points);
	*statistics = (struct statistics){0};
}

void statistics_write_json(struct writer *w, const struct statistics *statistics)
{
	write_object(w, NULL);
	if (statistics->rate_known)
		write_int(w, "views_per_hour", statistics->views_per_hour);
	else
		write_null(w, "views_per_hour");
	write_int(w, "count", (int64_t)statistics->count);
	write_array(w, "results");
	for (size_t i = 0; i < statistics->count; i++) {
		const struct statistics_point *point = &statistics->points[i];

		write_object(w, NULL);
		write_time(w, "at", point->at);
		video_write_number(w, "views", point->views);
		video_write_number(w, "likes", point->likes);
		video_write_number(w, "comments", point->comments);
		write_end(w);
	}
	write_end(w);
	write_end(w);
}
