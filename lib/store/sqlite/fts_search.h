/* Inside lib/store/sqlite only: lists of videos on SQLite, whose statements are read row by row, and on FTS5. */
#pragma once

#include "store/search/search_scan.h"

extern const struct search_dialect fts_dialect;
