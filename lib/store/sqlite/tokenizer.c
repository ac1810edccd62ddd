#include "store/sqlite/tokenizer.h"

#include <stdlib.h>
#include <string.h>

/* Marks are letters here: otherwise Thai and Hindi words would be cut at every vowel sign. */
static const char *const unicode61_options[] = {"remove_diacritics", "2", "categories", "L* N* Co Mn Mc"};

enum { OPTION_COUNT = sizeof(unicode61_options) / sizeof(unicode61_options[0]) };

/* An Fts5Tokenizer of ours. */
struct splitter {
	const struct tokenizer_host *host;
	fts5_tokenizer unicode61;
	Fts5Tokenizer *handle;
};

/* ---- words ---- */

struct pass {
	const char *text;
	enum token_source source;
	token_handler *handler;
	void *context;
};

static int on_word(void *context, int flags, const char *text, int len, int start, int end)
{
	const struct pass *pass = context;
	const struct token word = {.text = text, .len = (size_t)len, .start = (size_t)start, .end = (size_t)end};

	(void)flags;
	return token_cut(&word, pass->text, pass->source, pass->handler, pass->context) ? SQLITE_OK : SQLITE_DONE;
}

static int tokenize(struct splitter *splitter, int flags, const char *text, int len, token_handler *handler, void *context)
{
	struct pass pass = {.text = text,
	                    .source = flags & FTS5_TOKENIZE_DOCUMENT ? TOKENS_OF_DOCUMENT : TOKENS_OF_QUERY,
	                    .handler = handler,
	                    .context = context};

	return splitter->unicode61.xTokenize(splitter->handle, &pass, flags, text, len, on_word);
}

/* ---- FTS5's interface, https://www.sqlite.org/fts5.html#custom_tokenizers ---- */

static void splitter_delete(Fts5Tokenizer *handle)
{
	struct splitter *splitter = (struct splitter *)handle;

	if (splitter && splitter->handle)
		splitter->unicode61.xDelete(splitter->handle);
	free(splitter);
}

static int splitter_create(void *context, const char **arguments, int count, Fts5Tokenizer **out)
{
	const struct tokenizer_host *host = context;
	struct splitter *splitter = calloc(1, sizeof(*splitter));
	const char *options[OPTION_COUNT];
	void *unicode61_context = NULL;

	(void)arguments;
	if (!splitter)
		return SQLITE_NOMEM;
	splitter->host = host;
	memcpy(options, unicode61_options, sizeof(options));
	int result =
	    count ? SQLITE_ERROR : host->fts5->xFindTokenizer(host->fts5, "unicode61", &unicode61_context, &splitter->unicode61);
	if (result == SQLITE_OK)
		result = splitter->unicode61.xCreate(unicode61_context, options, OPTION_COUNT, &splitter->handle);
	if (result != SQLITE_OK) {
		free(splitter);
		return result;
	}
	*out = (Fts5Tokenizer *)splitter;
	return SQLITE_OK;
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

static int splitter_tokenize(Fts5Tokenizer *handle, void *context, int flags, const char *text, int len,
                             int (*take)(void *, int, const char *, int, int, int))
{
	struct splitter *splitter = (struct splitter *)handle;
	bool tell = (flags & FTS5_TOKENIZE_DOCUMENT) && splitter->host->seen;
	struct taker taker = {.host = tell ? splitter->host : NULL, .context = context, .take = take, .result = SQLITE_OK};

	if (len && (unsigned char)*text == CHANNEL_TOKEN)
		return take(context, 0, text, len, 0, len);
	int result = tokenize(splitter, flags, text, len, give_to_fts5, &taker);
	return taker.result == SQLITE_OK ? result : taker.result;
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

/* ---- outside of FTS5 ---- */

static bool run(const struct tokenizer *tokenizer, enum token_source source, const char *text, size_t len, token_handler *handler,
                void *context)
{
	struct tokenizer_host host = {.fts5 = ((const struct tokenizer_host *)tokenizer)->fts5};
	Fts5Tokenizer *words = NULL;
	int flags = source == TOKENS_OF_DOCUMENT ? FTS5_TOKENIZE_DOCUMENT : FTS5_TOKENIZE_QUERY;

	if (splitter_create(&host, NULL, 0, &words) != SQLITE_OK)
		return false;
	int result = tokenize((struct splitter *)words, flags, text, (int)len, handler, context);
	splitter_delete(words);
	return result == SQLITE_OK || result == SQLITE_DONE;
}

bool tokenizer_register(sqlite3 *db, struct tokenizer_host *host)
{
	fts5_tokenizer tokenizer = {.xCreate = splitter_create, .xDelete = splitter_delete, .xTokenize = splitter_tokenize};

	host->tokenizer.run = run;
	host->fts5 = find_api(db);
	return host->fts5 && host->fts5->xCreateTokenizer(host->fts5, "newsreel", host, &tokenizer, NULL) == SQLITE_OK;
}
