#include "store/sqlite/tokenizer.h"

#include "search/tokenizer.h"

/* ---- FTS5's interface, https://www.sqlite.org/fts5.html#custom_tokenizers ---- */

/* It has no state of its own: the host stands for it. */
static int fts5_create(void *context, const char **arguments, int count, Fts5Tokenizer **out)
{
	(void)arguments;
	*out = context;
	return count ? SQLITE_ERROR : SQLITE_OK;
}

static void fts5_delete(Fts5Tokenizer *handle)
{
	(void)handle;
}

/* FTS5, which takes the tokens. */
struct taker {
	const struct tokenizer_host *host; /* to be told of them, or NULL */
	void *context;
	int (*take)(void *context, int flags, const char *token, int len, int start, int end);
	int result;
};

static bool give_to_fts5(void *context, const struct token *token)
{
	struct taker *taker = context;

	if (taker->host)
		taker->host->seen(taker->host->context, token->text, token->len);
	taker->result = taker->take(taker->context, token->colocated ? FTS5_TOKEN_COLOCATED : 0, token->text, (int)token->len,
	                            (int)token->start, (int)token->end);
	return taker->result == SQLITE_OK;
}

static int fts5_tokenize(Fts5Tokenizer *handle, void *context, int flags, const char *text, int len,
                         int (*take)(void *, int, const char *, int, int, int))
{
	const struct tokenizer_host *host = (const struct tokenizer_host *)handle;
	bool document = flags & FTS5_TOKENIZE_DOCUMENT;
	struct taker taker = {.host = document && host->seen ? host : NULL,
	                      .context = context,
	                      .take = take,
	                      .result = SQLITE_OK};

	if (len && (unsigned char)*text == CHANNEL_TOKEN)
		return take(context, 0, text, len, 0, len);
	bool done = tokenize(document ? TOKENS_OF_DOCUMENT : TOKENS_OF_QUERY, text, (size_t)len, give_to_fts5, &taker);
	return done ? taker.result : SQLITE_NOMEM;
}

/* FTS5 hands its interface out through a bound pointer: https://www.sqlite.org/fts5.html#extending_fts5 */
static fts5_api *find_api(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *get = NULL;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &get, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(get, 1, (void *)&api, "fts5_api_ptr", NULL);
		sqlite3_step(get);
	}
	sqlite3_finalize(get);
	return api;
}

bool tokenizer_register(sqlite3 *db, struct tokenizer_host *host)
{
	fts5_tokenizer tokenizer = {.xCreate = fts5_create, .xDelete = fts5_delete, .xTokenize = fts5_tokenize};

	host->fts5 = find_api(db);
	return host->fts5 && host->fts5->xCreateTokenizer(host->fts5, "newsreel", host, &tokenizer, NULL) == SQLITE_OK;
}
