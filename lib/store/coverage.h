/* Inside lib/store only: gaps in what is read of a query. */
#pragma once

#include "model/query.h"
#include "store/store.h"

/* Fills QUERY->gaps, newest first. */
MUST_USE bool coverage_read_gaps(struct store *store, struct query *query, struct error *err);
