/* Inside lib/store/postgres only: many words into the table in few statements. */
#pragma once

#include "store/search/term_stats.h"

MUST_USE words_add_all words_add_many;
