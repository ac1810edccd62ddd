/*
 * Inside lib/store only: a list of videos while it is read: its plan, what the scan found, the keys of the page, and the videos
 * of these.
 */
#pragma once

#include "store/search/search_scan.h"

struct list {
	struct store *store;
	const struct video_request *request;
	struct search_plan plan;
	struct scan_result found;
	int64_t wanted;                   /* keys, where the list is in the order of its scan */
	int64_t keys[VIDEO_PAGE_MAX + 1]; /* of the page */
	size_t count;
};

void list_clear(struct list *list);

/* Makes the plan of LIST, whose store and request are set. */
MUST_USE bool list_plan(struct list *list, struct error *err);

/* The videos of the list's page. Errors: ERR_INTERNAL when one is missing. */
MUST_USE bool list_read_videos(const struct list *list, struct video_list *out, struct error *err);

static inline int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}
