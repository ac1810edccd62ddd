/* The schedule of the searches in the record. Errors as store.h says. */
#pragma once

#include "model/schedule.h"
#include "store/store.h"

/* Every category's schedule; DAY is the first second of the Pacific day whose searches are counted. */
MUST_USE bool store_schedule_read(struct store *store, int64_t day, struct schedule_table *out, struct error *err);

MUST_USE bool store_schedule_write(struct store *store, int64_t day, const struct schedule_table *table, struct error *err);
