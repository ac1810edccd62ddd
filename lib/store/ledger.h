/* Inside lib/store only: what a project has spent. */
#pragma once

#include "model/key.h"
#include "store/store.h"

/* What PROJECT has used of BUCKET on the Pacific day of NOW, beside its LIMIT. */
MUST_USE bool ledger_read(struct store *store, int64_t project, enum bucket bucket, int64_t limit, int64_t now, struct quota *out,
                          struct error *err);
