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

#include "base/buf.h"

/* A connection's own: FTS5's interface, and who is told of the words of documents as they go in or out. */
struct tokenizer_host {
	fts5_api *fts5;
	void (*seen)(void *context, const char *token, size_t len); /* NULL = nobody */
	void *context;
};

/* Makes the tokenizer known to a connection: every one that touches the full-text index needs it. Fills HOST->fts5; HOST must live
 * as long as the connection. False when this SQLite has no FTS5. */
bool tokenizer_register(sqlite3 *db, struct tokenizer_host *host);

enum { TOKENS_BYTES_MAX = 8 * 1024 };

/* What LEN bytes of a search become. */
struct tokenized {
	int tokens;            /* how many */
	struct buf text;       /* all of them, with blanks between */
	size_t last_at;        /* where in TEXT the last one begins */
	int last_letters;      /* how many the last one has */
	bool last_is_unspaced; /* the last one is of a script without spaces: one or two letters of it */
};

/* Tokenizes TEXT as a query is. OUT is to be cleared in every case. False without memory. */
bool tokenizer_look(struct tokenizer_host *host, const char *text, size_t len, struct tokenized *out);
void tokenized_clear(struct tokenized *tokenized);

/* Gives every token of TEXT as the index has it to ON_TOKEN (FTS5's xToken), which may end the run with SQLITE_DONE. False without
 * memory. */
bool tokenizer_run(struct tokenizer_host *host, const char *text, size_t len, void *context,
                   int (*on_token)(void *context, int flags, const char *token, int len, int start, int end));
