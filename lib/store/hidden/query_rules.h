/* The rules of queries, and which of their matches are still to be judged by them. Errors as store.h says. */
#pragma once

#include "model/query_rules.h"
#include "store/store.h"

/* The rules of a public query. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_rules_get(struct store *store, int64_t query_id, struct query_rules *out, struct error *err);

/* Changes them. New matches are judged by them at once, those that are there by store_hidden_work(). Another region or language changes what
 * YouTube is asked; what was read before stays covered. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_rules_set(struct store *store, int64_t query_id, const struct query_rules *rules, struct error *err);

/* How many of the query's matches its rules hide; and whether some of them are still to be judged. */
MUST_USE bool store_query_rules_state(struct store *store, int64_t query_id, int64_t *hidden, bool *judging, struct error *err);
