/*
 * Inside lib/store only: the words of the full-text index in a table of their own, which makes prefixes cheap.
 *
 * The engine tells of every word of a document that goes in or out; per transaction they are summed up in memory and written to
 * the table before it is committed. So the table holds exactly the words of the index, each with the number of its videos.
 */
#pragma once

#include "base/arena.h"
#include "store/statement.h"

/* PostgreSQL keeps a longer word cut: its own limit is 2,046 bytes. */
enum { WORD_BYTES_MAX = 2000 };

/* A word and in how many videos it is. */
struct word {
	char *term;
	int64_t videos;
	int64_t newest; /* no video with a larger key has it */
};

struct word_list {
	struct word *items;
	size_t count;
};

void word_list_clear(struct word_list *list);

/* Drops all but the first COUNT words. */
void word_list_cut(struct word_list *list, size_t count);

/* What is counted in a transaction: documents that go into the index (SIGN 1) or out of it (-1), or are none of ours (0). All zero at first. */
struct words {
	struct word_count **slots;
	size_t count, capacity;
	struct arena arena; /* the entries */
	int sign;
	int64_t seq;      /* of the document at hand */
	int64_t document; /* grows with every document */
	bool failed;      /* no memory: the transaction must not be committed */
};

/* The words that are added next, LEN bytes each, are of the video SEQ; each counts once. */
void words_begin(struct words *words, int64_t seq);
void words_add(struct words *words, const char *term, size_t len);

/* What was counted of a word. */
struct word_count {
	uint64_t hash;
	uint32_t len;
	int64_t videos;   /* how many more */
	int64_t newest;   /* of those it was added to */
	int64_t document; /* the last one counted: once a document */
	char term[];
};

/* Adds COUNT of them, in the order of the table, to the table. */
typedef bool words_save_fn(struct store *store, const struct word_count *const *counts, size_t count, struct error *err);

/* One after the other. */
MUST_USE bool words_save_each(struct store *store, const struct word_count *const *counts, size_t count, struct error *err);

/* Writes what was counted in this transaction, by SAVE. */
MUST_USE bool words_write(struct store *store, struct words *words, words_save_fn *save, struct error *err);

/* Forgets it, but not the room for as many. */
void words_forget(struct words *words);

/* Releases all of it. */
void words_clear(struct words *words);

/* In how many videos the word is; 0 when there is none. */
MUST_USE bool word_videos(struct store *store, const char *term, size_t len, int64_t *out, struct error *err);

/* The LIMIT most frequent words with PREFIX, and how many there are in all, with the sum of their videos. */
MUST_USE bool words_most_frequent(struct store *store, const char *prefix, size_t limit, struct word_list *out, size_t *total,
                                  int64_t *videos, struct error *err);

/* Appends the words that have PREFIX, may be in videos with keys of SINCE and above, and are not in LIST yet. *COMPLETE is
 * false when LIST would have more than LIMIT. */
MUST_USE bool words_add_since(struct store *store, const char *prefix, int64_t since, size_t limit, struct word_list *list,
                              bool *complete, struct error *err);
