/*
 * Inside lib/store only: the full-text tokenizer 'newsreel'. It is FTS5's unicode61 (case and accents folded), except that runs
 * of scripts written without spaces (Han, Kana, Hangul, Thai, Lao, Khmer, Burmese) are cut into overlapping pairs of letters, so
 * that a part of such a run is found. A document's run also gives its last letter alone; a query of one such letter is to be
 * searched as a beginning.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* Makes the tokenizer known to a connection: every one that touches the full-text index needs it. Returns FTS5's interface for
 * the function below, NULL when this SQLite has none. */
fts5_api *tokenizer_register(sqlite3 *db);

/* What LEN bytes of a search become. */
struct tokenized {
	int tokens;                   /* how many */
	int last_letters;             /* of the last one */
	bool last_is_single_unspaced; /* the last one is a single letter of a script without spaces */
};

/* Tokenizes TEXT as a query is. False without memory. */
bool tokenizer_look(fts5_api *api, const char *text, size_t len, struct tokenized *out);
