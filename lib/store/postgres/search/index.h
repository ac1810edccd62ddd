/* Inside lib/store/postgres only: the search index, beside what statement.h and search/indexing.h ask of it. */
#pragma once

#include "store/statement.h"

/* Whether the entry of the video with key SEQ is what its texts give. */
MUST_USE bool index_agrees(struct store *store, int64_t seq, bool *out, struct error *err);
