/* Inside lib/store only: the tokenizer of search/tokenizer.h as FTS5's tokenizer 'newsreel'. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

/* Begins a text that is one token as it stands, a channel's number (migrations/0007_one_index.sql). No text has this byte, which is not
 * UTF-8, and no word of a text or a search is such a token. Nobody is told of it. */
enum { CHANNEL_TOKEN = 0xFF };

/* A connection's own: FTS5's interface, and who is told of the words of documents as they go in or out. */
struct tokenizer_host {
	fts5_api *fts5;
	void (*seen)(void *context, const char *token, size_t len); /* NULL = nobody */
	void *context;
};

/* Makes the tokenizer known to a connection: every one that touches the full-text index needs it. Fills HOST, which must live as
 * long as the connection. False when this SQLite has no FTS5. */
bool tokenizer_register(sqlite3 *db, struct tokenizer_host *host);
