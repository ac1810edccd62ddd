/*
 * Inside lib/store/sqlite only: the connection and its prepared statements, as SQLite's own. A statement is prepared when it is first
 * needed, since no program needs all of them; a unit test prepares every one.
 */
#pragma once

#include <sqlite3.h>

#include "base/arena.h"
#include "base/error.h"
#include "store/sqlite/tokenizer.h"
#include "store/statement.h"

extern const struct statements video_list_statements; /* video_search.c */
extern const struct statements list_plan_statements;  /* query_plan.c */
extern const struct statements words_statements;      /* term_stats.c */
extern const struct statements index_statements;      /* fts_index.c */

/* As db_use() takes them. */
#define NOUN_VIDEO_LIST (&video_list_statements)
#define NOUN_LIST_PLAN (&list_plan_statements)
#define NOUN_WORDS (&words_statements)
#define NOUN_INDEX (&index_statements)

/* As SQL: the index by channel (migrations/0004_channel_search.sql) has room for channels and keys of videos below these. */
#define BY_CHANNEL_CHANNELS "2097151"
#define BY_CHANNEL_SEQS "4398046511104"
/* The first key of a channel in it, and the key of the video that a key of it stands for. */
#define BY_CHANNEL_FIRST(channel) "(" channel " << 42)"
#define BY_CHANNEL_SEQ(key) "(" key " & " BY_CHANNEL_SEQS " - 1)"

/* What term_stats.c counts in a transaction. */
struct words {
	struct word_count *slots;
	size_t count, capacity;
	struct arena arena; /* their texts */
	int sign;           /* documents go in (1), out (-1), or are none of ours (0) */
	int64_t seq;        /* of the document at hand */
	int64_t document;   /* grows with every document */
	bool failed;        /* no memory: the transaction must not be committed */
};

enum { LIST_STATEMENTS_MAX = 48 };

/* Lists come in many shapes (predicates.h): their statements are prepared when they are first needed, and kept. */
struct list_statement {
	uint32_t shape;
	sqlite3_stmt *statement; /* NULL = free */
};

struct statement {
	const char *sql; /* NULL = free */
	sqlite3_stmt *handle;
	struct store *store;
};

/* All texts of the nouns are fewer, which the test that prepares every one of them shows. */
enum { STATEMENTS_MAX = 512 };

struct store {
	sqlite3 *db;
	struct tokenizer_host tokenizer;
	struct words words;
	struct statement statements[STATEMENTS_MAX]; /* a hash table by the address of the text */
	size_t statement_count;
	struct list_statement lists[LIST_STATEMENTS_MAX];
	size_t next_list; /* to be replaced */
	bool index_later; /* new videos wait in `unindexed` (fts_index.h) */
	bool in_transaction;
	bool own_transaction;  /* transaction_begin() began it … */
	int writers;           /* … and so many of them have not ended */
	int readers;           /* the same of store_read_begin … */
	int64_t generation;    /* … and what holds until then */
	bool public_change;    /* the transaction changed what a public reader sees: commit raises the generation */
	int64_t time_limit_ms; /* of one statement, 0 = none */
	int64_t deadline_ms;   /* of the running one, monotonic */
};

/* The error of the last failed call on this connection. Returns false. */
bool db_error(struct store *store, struct error *err);

/* Runs any number of statements that are not kept and return no rows. */
MUST_USE bool db_run_text(struct store *store, const char *text, struct error *err);

/* A prepared statement, reset and without bindings, ready to bind and step. Borrowed from the store; AUTO(db_done) resets it
 * again: AUTO(db_done) sqlite3_stmt *get = db_use(store, NOUN_WORDS, WORD_GET); NULL when it could not be prepared: binding
 * does nothing then, and db_step tells the error. */
sqlite3_stmt *db_use(struct store *store, const struct statements *noun, int which);
void db_done(sqlite3_stmt **statement);

/* The same for a statement that is not in a noun's array. */
void db_ready(struct store *store, sqlite3_stmt *statement);

/* What statement.h says of bind_int() and the others. */
void db_bind_int(sqlite3_stmt *statement, int at, int64_t value);
void db_bind_text(sqlite3_stmt *statement, int at, const char *text);
void db_bind_bytes(sqlite3_stmt *statement, int at, const char *bytes, size_t len); /* as text */
MUST_USE bool db_step(struct store *store, sqlite3_stmt *statement, bool *row, struct error *err);
MUST_USE bool db_run(struct store *store, sqlite3_stmt *statement, struct error *err);
MUST_USE bool db_row(struct store *store, sqlite3_stmt *statement, const char *name, struct error *err);
const char *db_text(sqlite3_stmt *row, int column);
MUST_USE bool db_copy(sqlite3_stmt *row, int column, char **out, struct error *err);

/* transaction_begin() and so on for those who pass on whether theirs is the beginning. */
MUST_USE static inline bool db_write_begin(struct store *store, bool *own, struct error *err)
{
	*own = transaction_begin(store, err);
	return *own;
}

MUST_USE static inline bool db_write_end(struct store *store, bool own, bool ok, struct error *err)
{
	return own && transaction_end(store, ok, err);
}

MUST_USE static inline bool db_read_begin(struct store *store, bool *own, struct error *err)
{
	*own = store_read_begin(store, err);
	return *own;
}

static inline void db_read_end(struct store *store, bool own)
{
	if (own)
		store_read_end(store);
}

static inline void db_public_change(struct store *store)
{
	public_change(store);
}
