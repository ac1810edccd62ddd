/* Inside lib/store only: how many videos a list has, and their times for a chart: from counters, from an index, or from
 * the page's own scan. */
#pragma once

#include "store/search/video_list.h"

enum { COUNT_MAX = 1000 }; /* searches are counted up to here, when that is to be cheap */

/* The count that does not come from the page's own scan, as far as it is asked for. */
MUST_USE bool counts_apart(const struct list *list, struct video_page *page, struct error *err);

/* The count of a list of more than COUNT_MAX matches, of which list->found has the newest COUNT_MAX + 1, or as many as a scan finds. */
MUST_USE bool counts_of_newest(const struct list *list, struct video_page *page, struct error *err);

/* Has the page's scan count, as far as it is asked for. How many keys it has to find, of which the page itself needs WANTED. */
int64_t counts_keys_wanted(struct list *list, int64_t wanted);

/* Takes count and times from what the page's scan found, as far as they come from it. */
MUST_USE bool counts_of_scan(const struct list *list, struct video_page *page, struct error *err);
