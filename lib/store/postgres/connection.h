/*
 * Inside lib/store/postgres only: the connection and its prepared statements, as libpq's own.
 *
 * A store is one connection. Rows are fetched whole when a statement is stepped for the first time, so that others may run while they are
 * read. A statement is prepared by the server when it first runs, with the types that its parameters were bound with.
 */
#pragma once

#include <libpq-fe.h>

#include "store/engines/engine.h"
#include "store/nesting.h"
#include "store/search/term_stats.h"

/* A parameter as libpq sends it: in text. */
struct parameter {
	Oid type;          /* 0 until it was bound; then it stays */
	const char *value; /* NULL = NULL; borrowed, or NUMBER */
	char number[32];
};

struct statement {
	const struct engine *engine; /* first (engines/engine.h) */
	struct store *store;
	const char *sql;              /* the key of a kept one; NULL = free */
	char *text;                   /* with '$' for '?'; NULL without memory */
	struct parameter *parameters; /* after TEXT, in one block */
	int count;                    /* of them */
	unsigned number;              /* of its name, "s17" */
	unsigned connection;          /* which it is prepared on (struct store); 0 = none */
	bool stale;                   /* prepared with fewer types than are known now */
	bool writes;
	PGresult *rows; /* of the run at hand */
	int row;        /* that it stands on, from 0 */
};

/* What each answer needs to know of the database. */
struct read_state {
	int64_t schema; /* the number of its newest migration */
	int64_t generation;
	int64_t videos;
};

/* All texts of the nouns are fewer, which the test that prepares every one of them shows. */
enum { STATEMENTS_MAX = 512, TEXT_STATEMENTS_MAX = 48 };

struct store {
	const struct engine *engine; /* first */
	PGconn *db;
	unsigned connection; /* counts from 1: raised by each connection that took the place of a lost one */
	enum store_mode mode;
	bool configured;                             /* the connection has our settings */
	bool has_tables;                             /* the database is newsreel's */
	struct statement statements[STATEMENTS_MAX]; /* a hash table by the address of the text */
	size_t statement_count;
	struct statement texts[TEXT_STATEMENTS_MAX]; /* of statement_use_text(): the newest ones */
	unsigned next_text;
	unsigned prepared; /* statements so far, for their names */
	int64_t changed;   /* changed_rows() */
	int locks;         /* that store_lock() took and were not given back */
	bool copies_out;   /* rows come from table_read_begin() */
	struct words words;
	struct index_state index;
	bool in_transaction;
	int64_t begun_ms;                 /* the transaction at hand, monotonic */
	struct nesting nesting;           /* of transaction_begin() */
	int64_t recorded;                 /* transaction_recorded() */
	int readers;                      /* store_read_begin() began so often … */
	struct read_state state;          /* … and what holds until then */
	bool ending;                      /* the end of the last reading was sent: its result is still to be read */
	bool public_change;               /* the transaction changed what a public reader sees: commit raises the generation */
	int64_t scan_limit;               /* rows of one scan of a list */
	bool (*may_go_on)(void *context); /* asked while statements run; NULL = they may */
	void *may_go_on_context;
};

/* Connects to the database at LOCATION, a URL, in words of libpq, and nothing more: it may be anybody's. Errors: ERR_INVALID (a URL that is
 * none, a server that is too old, another encoding than UTF-8), ERR_BUSY (no answer, or a refusal). */
MUST_USE bool pg_connect(const char *location, enum store_mode mode, struct store **out, struct error *err);

/* Ends the connection and frees the store. */
void pg_disconnect(struct store *store);

/* The error that RESULT tells of, or without one the connection. Returns false. */
bool pg_error(struct store *store, const PGresult *result, struct error *err);

/* Waits for the answer to what was sent, asking may_go_on if INTERRUPTIBLE: the last of its results, the caller's to PQclear. NULL and an error
 * when it failed. */
PGresult *pg_answer(struct store *store, bool interruptible, struct error *err);

/* Runs any number of statements that are not kept and return no rows of interest. COMMIT of a transaction that has failed is an error. */
MUST_USE bool pg_run_text(struct store *store, const char *text, bool interruptible, struct error *err);

/* Connects anew when the connection was lost. Not in a transaction, nor between store_read_begin() and its end: their statements fail. Nor with a lock:
 * another program may have it by now. */
MUST_USE bool pg_connected(struct store *store, struct error *err);

/* store_begin(), also of a database without tables yet. */
MUST_USE bool pg_begin(struct store *store, struct error *err);
