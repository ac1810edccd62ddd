/* What the owner says of a tracked query. Errors as store.h says. */
#pragma once

#include "model/query.h"
#include "store/store.h"

/* Sets all settings of a public query (store/queries.h reads them). Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_set_settings(struct store *store, int64_t id, const struct query_settings *settings, int64_t now,
                                       struct error *err);

/* What of its coverage a query keeps when its text changes. */
enum query_coverage { COVERAGE_ANEW, COVERAGE_KEPT };

/* Gives a public query another TEXT (checked by query_check; squeezed here); the same text, or one that only looks different, leaves coverage
 * alone. The videos that it found stay. Errors: ERR_NOT_FOUND; ERR_CONFLICT when another query is the same then, which is named, and while
 * NEWSREEL_QUERIES names the query; ERR_UNPROCESSABLE when a search would become a channel, or a channel something else. */
MUST_USE bool store_query_set_text(struct store *store, int64_t id, const char *text, enum query_coverage coverage,
                                   struct error *err);

/* Queries begin and end at their time: to be called by each run before it polls. */
MUST_USE bool store_queries_keep_time(struct store *store, int64_t now, struct error *err);
