/* Inside lib/store/sqlite only: lists in an order that no b-tree has. The newest matches are found, then sorted. */
#pragma once

#include "store/sqlite/video_list.h"

/* Finds the keys of the page, its count and its times. */
MUST_USE bool rank_page(struct list *list, struct video_page *page, struct error *err);
