/* Inside lib/store/postgres only: many words into the table in few statements. */
#pragma once

#include "store/search/term_stats.h"

MUST_USE bool words_save_together(struct store *store, const struct word_count *const *counts, size_t count, struct error *err);
