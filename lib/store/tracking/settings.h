/* What the owner says of a tracked query. Errors as store.h says. */
#pragma once

#include "model/query.h"
#include "store/store.h"

/* Sets all settings of a public query (store/queries.h reads them). Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_set_settings(struct store *store, int64_t id, const struct query_settings *settings, struct error *err);
