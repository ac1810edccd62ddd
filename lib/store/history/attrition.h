/* How many of what a query found are still there, by the day it was found: from denormalised counters. Errors as store.h says. */
#pragma once

#include "model/video/attrition.h"
#include "store/store.h"

/* All days together; nothing found is all zero. */
MUST_USE bool store_attrition_sum(struct store *store, int64_t query_id, struct attrition *out, struct error *err);

/* On how many days the query found something. */
MUST_USE bool store_attrition_days(struct store *store, int64_t query_id, int64_t *out, struct error *err);

/* LIMIT of these days, the newest first, after the first OFFSET. The caller's to clear. */
MUST_USE bool store_attrition_list(struct store *store, int64_t query_id, int64_t limit, int64_t offset,
                                   struct attrition_list *out, struct error *err);
