/* Rebuilding what follows from other data. */
#pragma once

#include <stdio.h>

#include "store/store.h"

/* Rebuilds what store_repair() can, fills the search index if that was emptied, and verifies all of it; tells on TO what was done, and on PROGRESS
 * how far it is. Errors: as store_repair(); ERR_INTERNAL with the first fault that is left. */
MUST_USE bool repair_database(struct store *store, FILE *progress, FILE *to, struct error *err);
