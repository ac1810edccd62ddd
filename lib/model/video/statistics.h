/* The numbers of a video over time: a point for each answer of YouTube. */
#pragma once

#include "base/json_writer.h"
#include "model/video.h"

enum { STATISTICS_DAYS = 30 }; /* so long points are kept */

struct statistics_point {
	int64_t at;    /* UTC seconds */
	int64_t views; /* VIDEO_UNKNOWN as in struct video */
	int64_t likes;
	int64_t comments;
};

struct statistics {
	struct statistics_point *points; /* oldest first; owned */
	size_t count;
	bool rate_known;
	int64_t
	    views_per_hour; /* between the newest point, if it is of the last day, and the last one before that day, or the first there is */
};

void statistics_clear(struct statistics *statistics);

/* An object: views_per_hour, count, results [{at, views, likes, comments}]. Unknown numbers are null. */
void statistics_write_json(struct writer *w, const struct statistics *statistics);
