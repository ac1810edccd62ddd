/*
 * Inside lib/store/sqlite only: the connection and its prepared statements, as SQLite's own. A statement is prepared when it is first
 * needed, since no program needs all of them; a unit test prepares every one.
 */
#pragma once

#include <sqlite3.h>

#include "base/error.h"
#include "store/engines/engine.h"
#include "store/nesting.h"
#include "store/search/indexing.h"
#include "store/search/term_stats.h"
#include "store/sqlite/shared_memory.h"
#include "store/sqlite/tokenizer.h"
#include "store/statement.h"

struct statement {
	const struct engine *engine; /* first (engines/engine.h) */
	const char *sql;             /* the key of a kept one; NULL = free */
	sqlite3_stmt *handle;        /* NULL = could not be prepared, or free */
	struct store *store;
};

enum { LIST_STATEMENTS_MAX = 48 };

/* A writer that waits for another one looks so often whether it is done. */
enum { BUSY_POLL_MS = 5 };

/* Lists come in many shapes (search_statement.h): the statements of those used last are kept. */
struct list_statement {
	uint64_t shape; /* 0 = free */
	struct statement statement;
};

/* All texts of the nouns are fewer, which the test that prepares every one of them shows. */
enum { STATEMENTS_MAX = 512 };

/* A program begins with those, and learns how much the time of a transaction allows: on a busy machine little. */
enum { TRANSACTION_MS = 250, MERGE_PAGES = 500 };

/* Of 4 KiB, of the write-ahead log. */
enum { CHECKPOINT_PAGES = 1000, BULK_CHECKPOINT_PAGES = 40000, LOG_PAGES_MAX = 60000, REST_PAGES_MAX = 5000 };

struct store {
	const struct engine *engine; /* first (engines/engine.h) */
	sqlite3 *db;
	struct shared_memory shared_memory;
	struct tokenizer_host tokenizer;
	struct words words;
	struct statement statements[STATEMENTS_MAX]; /* a hash table by the address of the text */
	size_t statement_count;
	struct list_statement lists[LIST_STATEMENTS_MAX];
	size_t next_list;         /* to be replaced */
	sqlite3_stmt *table_rows; /* of table_read_begin() */
	struct index_state index;
	bool in_transaction;
	int64_t begun_ms;                 /* the transaction at hand, monotonic */
	int64_t transaction_ms;           /* so long it may last before its commit, which takes time as well */
	struct nesting nesting;           /* of transaction_begin() */
	int64_t recorded;                 /* transaction_recorded() */
	int readers;                      /* store_read_begin() began so often … */
	int64_t generation, videos;       /* … and what holds until then */
	bool public_change;               /* the transaction changed what a public reader sees: commit raises the generation */
	int checkpoint_pages;             /* the log is checkpointed by the commit that makes it so long, or longer */
	bool brief;                       /* others are waited for only a moment */
	int64_t merge_pages;              /* pages of the index that are merged in one transaction, as many as its time allows */
	int64_t scan_limit;               /* rows of one scan of a list */
	bool (*may_go_on)(void *context); /* asked while statements run; NULL = they may */
	void *may_go_on_context;
};

/* Opens the file, as store_open() does, and nothing more: no setting is made, and it may be anybody's. */
MUST_USE bool connection_open(const char *path, enum store_mode mode, struct store **out, struct error *err);

/* Tells that the transaction at hand is committed. */
void transaction_took(struct store *store);

/* The error of the last failed call on this connection. Returns false. */
bool db_error(struct store *store, struct error *err);

/* Runs any number of statements that are not kept and return no rows. */
MUST_USE bool db_run_text(struct store *store, const char *text, struct error *err);

/* Makes a statement ready to bind and step: reset, without bindings. */
void statement_ready(struct statement *statement);
