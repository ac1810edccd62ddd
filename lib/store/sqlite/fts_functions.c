#include "store/sqlite/fts_functions.h"

#include <stdlib.h>

#include "base/unicode.h"

/* folded(text): as names are compared, without regard to case. */
static void folded(sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *text = (const char *)sqlite3_value_text(values[0]);
	char *result = NULL;
	struct error err;

	(void)count;
	if (!text || !unicode_fold_text(text, &result, &err))
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_text(context, result, -1, free);
}

/* weight(video_fts): a word in the title counts more than any number of them in the channel's title, and so on. Unlike bm25 it looks at
 * this match alone: that one counts all matches of each word first, for how rare it is. */
static void weigh(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context, int count, sqlite3_value **values)
{
	enum { COLUMNS = 4, HITS_MAX = 15 };
	static const int weights[COLUMNS] = {256, 1, 16, 0}; /* title, description, channel, channel_id */
	int hits[COLUMNS] = {0};
	int instances = 0;
	int result = api->xInstCount(fts, &instances);
	int weight = 0;

	(void)count;
	(void)values;
	for (int i = 0; i < instances && result == SQLITE_OK; i++) {
		int phrase, column, at;

		result = api->xInst(fts, i, &phrase, &column, &at);
		if (result == SQLITE_OK && hits[column] < HITS_MAX)
			hits[column]++;
	}
	for (int i = 0; i < COLUMNS; i++)
		weight += weights[i] * hits[i];
	if (result == SQLITE_OK)
		sqlite3_result_int(context, weight);
	else
		sqlite3_result_error_code(context, result);
}

/* A place in a match where a word of the expression stands. */
struct instance {
	int word, column, at;
};

static int read_instance(const Fts5ExtensionApi *api, Fts5Context *fts, int number, struct instance *out)
{
	return api->xInst(fts, number, &out->word, &out->column, &out->at);
}

/* Whether LENGTH words, from instance START on, stand one right after the other. Instances come in the order of their places. */
static int is_phrase(const Fts5ExtensionApi *api, Fts5Context *fts, int start, int instances, int length, bool *out)
{
	struct instance first = {0}, next = {0};
	int found = 1;
	int result = read_instance(api, fts, start, &first);

	for (int i = start + 1; i < instances && found < length && result == SQLITE_OK; i++) {
		result = read_instance(api, fts, i, &next);
		if (next.column != first.column || next.at > first.at + found)
			break;
		found += next.word == first.word + found && next.at == first.at + found;
	}
	*out = found == length;
	return result;
}

static int has_phrase(const Fts5ExtensionApi *api, Fts5Context *fts, int first_word, int instances, int length, bool *out)
{
	struct instance instance = {0};
	int result = SQLITE_OK;

	*out = false;
	for (int i = 0; i < instances && !*out && result == SQLITE_OK; i++) {
		result = read_instance(api, fts, i, &instance);
		if (result == SQLITE_OK && instance.word == first_word)
			result = is_phrase(api, fts, i, instances, length, out);
	}
	return result;
}

/* phrases(video_fts, lengths) */
static void check_phrases(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context, int count,
                          sqlite3_value **values)
{
	const char *left = (const char *)sqlite3_value_text(values[0]);
	int instances = 0, word = 0;
	int result = api->xInstCount(fts, &instances);
	bool found = true;

	(void)count;
	for (; result == SQLITE_OK && left && *left; left++) {
		bool is_alternative = *left == '|';
		char *end;
		int length = (int)strtol(left + 1, &end, 10);

		if (!is_alternative && !found)
			break;
		if (!is_alternative || !found)
			result = has_phrase(api, fts, word, instances, length, &found);
		word += length;
		left = end - 1;
	}
	if (result == SQLITE_OK)
		sqlite3_result_int(context, found);
	else
		sqlite3_result_error_code(context, result);
}

/* The tokenizer tells of a word of a document. */
static void on_word(void *context, const char *term, size_t len)
{
	words_add(context, term, len);
}

/* indexing(seq): the next words are of this video. */
static void indexing(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	words_begin(sqlite3_user_data(context), sqlite3_value_int64(values[0]));
	sqlite3_result_value(context, values[0]);
}

bool fts_functions_register(struct store *store, struct error *err)
{
	fts5_api *fts5 = store->tokenizer.fts5;

	store->tokenizer.seen = on_word;
	store->tokenizer.context = &store->words;
	return (fts5->xCreateFunction(fts5, "weight", NULL, weigh, NULL) == SQLITE_OK &&
	        fts5->xCreateFunction(fts5, "phrases", NULL, check_phrases, NULL) == SQLITE_OK &&
	        sqlite3_create_function(store->db, "indexing", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, &store->words, indexing, NULL,
	                                NULL) == SQLITE_OK &&
	        sqlite3_create_function(store->db, "folded", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
	                                folded, NULL, NULL) == SQLITE_OK) ||
	       db_error(store, err);
}
