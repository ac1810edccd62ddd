/*
 * Inside lib/store only: the connection, its prepared statements, and how they are run. Each noun's file keeps its SQL in an
 * array and lists it here; db.c prepares a statement when it is first needed, since no program needs all of them. A unit test
 * prepares every one.
 */
#pragma once

#include <stddef.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/error.h"
#include "store/store.h"
#include "store/sqlite/tokenizer.h"

/* The nouns with statements of their own, one array each. */
enum noun {
	NOUN_RECORD,
	NOUN_VIDEOS,
	NOUN_VIDEO_SAVE,
	NOUN_VIDEO_LIST,
	NOUN_LIST_PLAN,
	NOUN_WORDS,
	NOUN_INDEX,
	NOUN_VOLUME,
	NOUN_STATS,
	NOUN_CHANNELS,
	NOUN_MATCHES,
	NOUN_QUERIES,
	NOUN_COVERAGE,
	NOUN_SCHEDULE,
	NOUN_LOOKUPS,
	NOUN_REFRESH,
	NOUN_QUARANTINE,
	NOUN_KEYS,
	NOUN_LEDGER,
	NOUN_RUNS,
	NOUN_STATUS,
	NOUN_COUNT
};

struct statements {
	const char *const *sql;
	size_t count;
};

extern const struct statements record_statements;     /* db.c */
extern const struct statements videos_statements;     /* videos.c */
extern const struct statements video_save_statements; /* video_save.c */
extern const struct statements video_list_statements; /* video_list.c */
extern const struct statements list_plan_statements;  /* list_plan.c */
extern const struct statements words_statements;      /* words.c */
extern const struct statements index_statements;      /* search_index.c */
extern const struct statements volume_statements;     /* volume.c */
extern const struct statements stats_statements;      /* stats.c */
extern const struct statements channels_statements;   /* channels.c */
extern const struct statements matches_statements;    /* matches.c */
extern const struct statements queries_statements;    /* queries.c */
extern const struct statements coverage_statements;   /* coverage.c */
extern const struct statements schedule_statements;   /* schedule.c */
extern const struct statements lookups_statements;    /* awaited.c */
extern const struct statements refresh_statements;    /* checks.c */
extern const struct statements quarantine_statements; /* quarantined.c */
extern const struct statements keys_statements;       /* keys.c */
extern const struct statements ledger_statements;     /* ledger.c */
extern const struct statements runs_statements;       /* runs.c */
extern const struct statements status_statements;     /* status.c */

/* What words.c counts in a transaction. */
struct words {
	struct word_count **slots;
	size_t count, capacity;
	struct arena arena; /* the entries */
	int sign;           /* documents go in (1), out (-1), or are none of ours (0) */
	int64_t seq;        /* of the document at hand */
	int64_t document;   /* grows with every document */
	bool failed;        /* no memory: the transaction must not be committed */
};

enum { LIST_STATEMENTS_MAX = 48 };

/* Lists come in many shapes (list_sql.h): their statements are prepared when they are first needed, and kept. */
struct list_statement {
	uint32_t shape;
	sqlite3_stmt *statement; /* NULL = free */
};

struct store {
	sqlite3 *db;
	struct tokenizer_host tokenizer;
	struct words words;
	struct list_statement lists[LIST_STATEMENTS_MAX];
	size_t next_list; /* to be replaced */
	bool index_later; /* new videos wait in `unindexed` (index.h) */
	sqlite3_stmt **statements[NOUN_COUNT];
	bool in_transaction;
	bool reading;          /* between store_read_begin and store_read_end … */
	int64_t generation;    /* … in which this one holds */
	bool public_change;    /* the transaction changed what a public reader sees: commit raises the generation */
	int64_t time_limit_ms; /* of one statement, 0 = none */
	int64_t deadline_ms;   /* of the running one, monotonic */
};

/* A prepared statement, reset and without bindings, ready to bind and step. Borrowed from the store; AUTO(db_done) resets it
 * again: AUTO(db_done) sqlite3_stmt *get = db_use(store, NOUN_VIDEOS, VIDEO_GET); NULL when it could not be prepared: binding
 * does nothing then, and db_step tells the error. */
sqlite3_stmt *db_use(struct store *store, enum noun noun, int which);
void db_done(sqlite3_stmt **statement);

/* The same for a statement that is not in a noun's array. */
void db_ready(struct store *store, sqlite3_stmt *statement);

/* Prepares every statement of every noun: ERR_INTERNAL tells of the first wrong one. For tests. */
MUST_USE bool db_prepare_all(struct store *store, struct error *err);

/* Binding cannot fail for lack of anything but memory; sqlite remembers that and the step reports it. Texts must live until
 * db_done. */
void db_bind_int(sqlite3_stmt *statement, int at, int64_t value);
void db_bind_real(sqlite3_stmt *statement, int at, double value);
void db_bind_text(sqlite3_stmt *statement, int at, const char *text); /* NULL binds NULL */

void db_bind_bytes(sqlite3_stmt *statement, int at, const char *bytes, size_t len); /* as text */

/* Steps to the next row: *ROW tells whether there is one. Errors: ERR_BUSY (locked; or above the time limit), ERR_CONFLICT (a
 * constraint), ERR_NO_MEMORY, ERR_INTERNAL with sqlite's words. */
MUST_USE bool db_step(struct store *store, sqlite3_stmt *statement, bool *row, struct error *err);

/* Runs a statement that returns no rows. */
MUST_USE bool db_run(struct store *store, sqlite3_stmt *statement, struct error *err);

/* Steps a statement that returns exactly one row and leaves it there to be read. No row: ERR_NOT_FOUND "no NAME". */
MUST_USE bool db_row(struct store *store, sqlite3_stmt *statement, const char *name, struct error *err);

/* A column's text, "" for NULL; borrowed until the next step. */
const char *db_text(sqlite3_stmt *statement, int column);

/* A copy of a column's text, the caller's to free; NULL stays NULL. */
MUST_USE bool db_copy(sqlite3_stmt *statement, int column, char **out, struct error *err);

/* The error of the last failed call on this connection. Returns false. */
bool db_error(struct store *store, struct error *err);

/* Notes that a public reader will see something else: the transaction at hand, or the single write, raises the generation. Call
 * it after the write, inside the transaction that db_write_begin opened. */
void db_public_change(struct store *store);

/* A public function that writes wraps its statements in these two, so that it is one transaction whether its caller began one or
 *not: bool own = false; bool ok = db_write_begin(store, &own, err) && …; return db_write_end(store, own, ok, err); END commits an
 *own transaction when OK, rolls an own one back otherwise, and passes OK on. */
MUST_USE bool db_write_begin(struct store *store, bool *own, struct error *err);
MUST_USE bool db_write_end(struct store *store, bool own, bool ok, struct error *err);

/* The same for several reads that have to see one state of the record. END is harmless after a failed BEGIN. */
MUST_USE bool db_read_begin(struct store *store, bool *own, struct error *err);
void db_read_end(struct store *store, bool own);
