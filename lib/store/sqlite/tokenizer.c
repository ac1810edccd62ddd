#include "store/sqlite/tokenizer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* Marks are letters here: otherwise Thai and Hindi words would be cut at every vowel sign. */
static const char *const unicode61_options[] = {"remove_diacritics", "2", "categories", "L* N* Co Mn Mc"};

struct tokenizer {
	const struct tokenizer_host *host;
	fts5_tokenizer unicode61;
	Fts5Tokenizer *words;
};

/* What one call of FTS5 is about. */
struct pass {
	const struct tokenizer_host *host;
	void *context; /* FTS5's */
	int (*emit)(void *context, int flags, const char *token, int len, int start, int end);
	const char *text;
	bool document;
};

/* A piece of a word: LEN bytes of the folded token, and where in the text they stand. */
struct piece {
	const char *token;
	int len;
	int start;
	int end;
	bool aligned; /* letter by letter: folding dropped none */
};

/* Ranges of code points of scripts written without spaces (Unicode 15, Blocks.txt). */
static bool is_unspaced(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
	    {0x0E00, 0x0EFF},   /* Thai, Lao */
	    {0x1000, 0x109F},   /* Myanmar */
	    {0x1100, 0x11FF},   /* Hangul Jamo */
	    {0x1780, 0x17FF},   /* Khmer */
	    {0x19E0, 0x19FF},   /* Khmer symbols */
	    {0x2E80, 0x2FDF},   /* CJK radicals */
	    {0x3005, 0x3007},   /* iteration mark, zero */
	    {0x3040, 0x312F},   /* Hiragana, Katakana, Bopomofo */
	    {0x3130, 0x318F},   /* Hangul compatibility Jamo */
	    {0x31F0, 0x31FF},   /* Katakana extensions */
	    {0x3400, 0x4DBF},   /* CJK extension A */
	    {0x4E00, 0x9FFF},   /* CJK */
	    {0xA960, 0xA97F},   /* Hangul Jamo extended A */
	    {0xAA60, 0xAA7F},   /* Myanmar extended A */
	    {0xAC00, 0xD7FF},   /* Hangul syllables, Jamo extended B */
	    {0xF900, 0xFAFF},   /* CJK compatibility */
	    {0xFF66, 0xFFDC},   /* halfwidth Katakana and Hangul */
	    {0x1B000, 0x1B16F}, /* Kana supplements */
	    {0x20000, 0x323AF}, /* CJK extensions B to H */
	};

	if (c < ranges[0].first)
		return false;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* The next character of a token: its code point, and its bytes in *LEN. Unicode61 gives well-formed UTF-8 for well-formed input;
 * anything else counts as one byte. */
static uint32_t next_character(const char *at, int left, int *len)
{
	uint32_t c = 0;
	size_t step = utf8_decode(at, (size_t)left, &c);

	*len = step ? (int)step : 1;
	return c;
}

static int count_letters(const char *bytes, int len)
{
	int count = 0;
	int one;

	for (int at = 0; at < len; at += one) {
		next_character(bytes + at, len - at, &one);
		count++;
	}
	return count;
}

/* How many bytes the first LETTERS letters have. */
static int bytes_of(const char *bytes, int len, int letters)
{
	int total = 0;
	int one;

	for (; letters > 0 && total < len; letters--) {
		next_character(bytes + total, len - total, &one);
		total += one;
	}
	return total;
}

/* How many letters from AT on belong together: all of unspaced scripts, or none. */
static int run_length(const char *at, int left, bool *unspaced)
{
	int letters = 1;
	int one;

	*unspaced = is_unspaced(next_character(at, left, &one));
	for (at += one, left -= one; left > 0; at += one, left -= one) {
		if (is_unspaced(next_character(at, left, &one)) != *unspaced)
			break;
		letters++;
	}
	return letters;
}

/* Cuts the first LETTERS letters off a piece. Folding may change how many bytes a letter has, so letters are counted. Where it
 * dropped some (combining accents), nothing tells which, and the parts keep the whole's place: too much is marked, never wrong.
 */
static struct piece cut(const struct pass *pass, struct piece *rest, int letters)
{
	struct piece first = *rest;

	first.len = bytes_of(rest->token, rest->len, letters);
	if (rest->aligned) {
		first.end = first.start + bytes_of(pass->text + first.start, first.end - first.start, letters);
		rest->start = first.end;
	}
	rest->token += first.len;
	rest->len -= first.len;
	return first;
}

static int emit(const struct pass *pass, int flags, struct piece piece)
{
	if (pass->document && pass->host->seen)
		pass->host->seen(pass->host->context, piece.token, (size_t)piece.len);
	return pass->emit(pass->context, flags, piece.token, piece.len, piece.start, piece.end);
}

/* Emits the pairs of a run. In documents its last letter alone too, at the last pair's place, so that what follows the run is
 * the pair's neighbour: a query's pairs and the word after them are one phrase. */
static int emit_pairs(const struct pass *pass, struct piece run)
{
	int pairs = count_letters(run.token, run.len) - 1;
	int result = SQLITE_OK;

	if (!pairs)
		return emit(pass, 0, run);
	for (; pairs && result == SQLITE_OK; pairs--) {
		struct piece rest = run;

		result = emit(pass, 0, cut(pass, &rest, 2));
		cut(pass, &run, 1);
	}
	if (result == SQLITE_OK && pass->document)
		result = emit(pass, FTS5_TOKEN_COLOCATED, run);
	return result;
}

/* Whether a character of U+0800 and above is in it: below there are no unspaced scripts. */
static bool has_high_character(const char *token, int len)
{
	for (int i = 0; i < len; i++)
		if ((unsigned char)token[i] >= 0xE0)
			return true;
	return false;
}

/* A word of unicode61: passed on as it is, or in pieces where it has letters of unspaced scripts. */
static int on_word(void *context, int flags, const char *token, int len, int start, int end)
{
	const struct pass *pass = context;
	struct piece rest = {.token = token, .len = len, .start = start, .end = end};
	bool unspaced;
	int result = SQLITE_OK;

	if (!has_high_character(token, len))
		return emit(pass, flags, rest);
	int run = run_length(token, len, &unspaced);
	if (!unspaced && bytes_of(token, len, run) == len)
		return emit(pass, flags, rest);
	rest.aligned = count_letters(token, len) == count_letters(pass->text + start, end - start);
	while (result == SQLITE_OK && rest.len) {
		run = run_length(rest.token, rest.len, &unspaced);
		struct piece piece = cut(pass, &rest, run);
		result = unspaced ? emit_pairs(pass, piece) : emit(pass, 0, piece);
	}
	return result;
}

/* ---- FTS5's interface, https://www.sqlite.org/fts5.html#custom_tokenizers ---- */

static void tokenizer_delete(Fts5Tokenizer *handle)
{
	struct tokenizer *tokenizer = (struct tokenizer *)handle;

	if (tokenizer && tokenizer->words)
		tokenizer->unicode61.xDelete(tokenizer->words);
	free(tokenizer);
}

static int tokenizer_create(void *context, const char **arguments, int count, Fts5Tokenizer **out)
{
	const struct tokenizer_host *host = context;
	fts5_api *api = host->fts5;
	struct tokenizer *tokenizer = calloc(1, sizeof(*tokenizer));
	const char *options[sizeof(unicode61_options) / sizeof(unicode61_options[0])];
	void *unicode61_context = NULL;

	(void)arguments;
	if (!tokenizer)
		return SQLITE_NOMEM;
	tokenizer->host = host;
	memcpy(options, unicode61_options, sizeof(options));
	int result = count ? SQLITE_ERROR : api->xFindTokenizer(api, "unicode61", &unicode61_context, &tokenizer->unicode61);
	if (result == SQLITE_OK)
		result = tokenizer->unicode61.xCreate(unicode61_context, options, (int)(sizeof(options) / sizeof(options[0])),
		                                      &tokenizer->words);
	if (result != SQLITE_OK) {
		free(tokenizer);
		return result;
	}
	*out = (Fts5Tokenizer *)tokenizer;
	return SQLITE_OK;
}

static int tokenizer_tokenize(Fts5Tokenizer *handle, void *context, int flags, const char *text, int len,
                              int (*emit_token)(void *, int, const char *, int, int, int))
{
	struct tokenizer *tokenizer = (struct tokenizer *)handle;
	struct pass pass = {.host = tokenizer->host,
	                    .context = context,
	                    .emit = emit_token,
	                    .text = text,
	                    .document = (flags & FTS5_TOKENIZE_DOCUMENT) != 0};

	return tokenizer->unicode61.xTokenize(tokenizer->words, &pass, flags, text, len, on_word);
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
	fts5_tokenizer tokenizer = {.xCreate = tokenizer_create, .xDelete = tokenizer_delete, .xTokenize = tokenizer_tokenize};

	host->fts5 = find_api(db);
	return host->fts5 && host->fts5->xCreateTokenizer(host->fts5, "newsreel", host, &tokenizer, NULL) == SQLITE_OK;
}

static int look_at_token(void *context, int flags, const char *token, int len, int start, int end)
{
	struct tokenized *out = context;
	int first = 0;

	(void)flags;
	(void)start;
	(void)end;
	if (len == 0) /* all accents */
		return SQLITE_OK;
	out->tokens++;
	out->last_letters = count_letters(token, len);
	out->last_is_unspaced = is_unspaced(next_character(token, len, &first));
	if (out->text.len)
		buf_add_char(&out->text, ' ');
	out->last_at = out->text.len;
	buf_add(&out->text, token, (size_t)len);
	return SQLITE_OK;
}

/* Runs the tokenizer over TEXT outside of FTS5. */
static int run(struct tokenizer_host *host, int flags, const char *text, size_t len, void *context,
               int (*on_token)(void *, int, const char *, int, int, int))
{
	Fts5Tokenizer *tokenizer = NULL;
	int result = tokenizer_create(host, NULL, 0, &tokenizer);

	if (result != SQLITE_OK)
		return result;
	result = tokenizer_tokenize(tokenizer, context, flags, text, (int)len, on_token);
	tokenizer_delete(tokenizer);
	return result;
}

bool tokenizer_run(struct tokenizer_host *host, const char *text, size_t len, void *context,
                   int (*on_token)(void *context, int flags, const char *token, int len, int start, int end))
{
	/* A document, as the index has it; but nobody is to count its words. */
	struct tokenizer_host quiet = {.fts5 = host->fts5};
	int result = run(&quiet, FTS5_TOKENIZE_DOCUMENT, text, len, context, on_token);

	return result == SQLITE_OK || result == SQLITE_DONE;
}

bool tokenizer_look(struct tokenizer_host *host, const char *text, size_t len, struct tokenized *out)
{
	*out = (struct tokenized){.text = BUF(TOKENS_BYTES_MAX)};
	return run(host, FTS5_TOKENIZE_QUERY, text, len, out, look_at_token) == SQLITE_OK && out->text.failed != ERR_NO_MEMORY;
}

void tokenized_clear(struct tokenized *tokenized)
{
	buf_clear(&tokenized->text);
}
