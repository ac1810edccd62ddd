/* Inside lib/store/sqlite only: SQL functions. */
#pragma once

#include "store/sqlite/connection.h"

/* Makes known what the statements use: folded(text), of migrations; the weight of a match; phrases(video_fts, lengths): whether the
 * words of a match are in it as phrases (fts_expression.h); and indexing(seq), which full-text statements put around the key of the video
 * at hand, for the words of its text are counted then (search/term_stats.h). */
MUST_USE bool fts_functions_register(struct store *store, struct error *err);
