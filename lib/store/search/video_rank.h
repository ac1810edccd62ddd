/* Inside lib/store only: lists in an order that no b-tree has. The newest matches are found, then sorted. */
#pragma once

#include "store/search/video_list.h"

/* Finds the keys of the page, its count and its times. */
MUST_USE bool rank_page(struct list *list, struct video_page *page, struct error *err);

/* The same in the order of recording, if there are no more than MOST matches and the scan finds all of them: else *FEW is false, and
 * list->found has the newest MOST + 1, or as many as the scan finds. */
MUST_USE bool rank_few_by_recorded(struct list *list, struct video_page *page, int64_t most, bool *few, struct error *err);

/* The same of the newest RANKED_MAX matches, as rank_page() does. */
MUST_USE bool rank_newest_by_recorded(struct list *list, struct video_page *page, struct error *err);
