/* The pace of the searches in the record. Errors as store.h says. */
#pragma once

#include "model/schedule.h"
#include "store/store.h"

/* Every purpose's pace; DAY is the first second of the Pacific day whose searches are counted. */
MUST_USE bool store_pace_read(struct store *store, int64_t day, struct pace_table *out, struct error *err);

MUST_USE bool store_pace_write(struct store *store, int64_t day, const struct pace_table *table, struct error *err);
