/*
 * The database: opening, transactions, and what belongs to it as a whole. The nouns have headers of their own beside this one. No
 * type of a database engine shows in any of them: another one than SQLite may stand behind the same functions (statement.h).
 *
 * A struct store is one connection and belongs to one thread at a time. Any number of them may read one database while one writes.
 * Errors of every function here: ERR_BUSY (locked or not ready: try again), ERR_NO_MEMORY, ERR_DENIED (the role in the database may not write it),
 * ERR_INTERNAL (disk full, damaged file …, in words), and those that its comment names.
 */
#pragma once

#include <stdint.h>

#include "base/text_list.h"

struct store;

enum store_mode {
	STORE_CREATE, /* read and write; makes the database (a file of mode 0600) and brings its schema up to date */
	STORE_WRITE,  /* read and write; the schema has to be ours already */
	STORE_READ    /* read only; the same */
};

/* Opens the database at LOCATION: the path of SQLite's file, or ":memory:" (with STORE_CREATE, for tests). A URL,
 * postgresql://…, is for programs built with PostgreSQL; in others it is ERR_INVALID, as is another program's database. With STORE_WRITE and STORE_READ ERR_BUSY when the database or its schema is not there yet. ERR_OUTDATED when its schema is newer
 * than this program. */
MUST_USE bool store_open(const char *location, enum store_mode mode, struct store **out, struct error *err);

/* Adds to OUT the files beside the database that the engine reads whenever it connects to LOCATION, such as certificates and passwords: for programs that
 * confine themselves. They need not be there. Errors: ERR_NO_MEMORY. */
MUST_USE bool store_files(const char *location, struct text_list *out, struct error *err);

/* Whether the schema still is this program's: a newer one may have migrated it since it was opened. After store_read_begin() that of the state which is read.
 * Errors: as store_open(). */
MUST_USE bool store_check_schema(struct store *store, struct error *err);

/* Rolls back what is open and closes. Sets *STORE to NULL; NULL is fine. */
void store_close(struct store **store);

/* A write transaction. Waits a bounded time for another writer, then ERR_BUSY. Functions that write need no transaction, but
 * several writes that belong together do. No nesting. store_commit rolls back when it fails. */
MUST_USE bool store_begin(struct store *store, struct error *err);
MUST_USE bool store_commit(struct store *store, struct error *err);

/* Whether the open transaction has lasted so long that other writers should have their turn. Writes that do not belong together are to be
 * committed then, and go on in another one: no transaction takes a second. */
bool store_transaction_is_long(const struct store *store);

/* Ends an open transaction without effect; harmless when there is none. */
void store_rollback(struct store *store);

/* Rolls back at the end of a scope what was not committed: AUTO(store_transaction_end) struct store *t = store; */
void store_transaction_end(struct store **store);

/* From here to the end all that is read is of one state of the database, and nothing may be written. May be nested; the end is
 * harmless without a beginning. */
MUST_USE bool store_read_begin(struct store *store, struct error *err);
void store_read_end(struct store *store);

/* A number that grows with every transaction that changes what a public reader sees (runs and ledger do not count). */
MUST_USE bool store_generation(struct store *store, int64_t *out, struct error *err);

/* All videos, by a denormalised counter. */
MUST_USE bool store_video_count(struct store *store, int64_t *out, struct error *err);

/* Statements ask MAY_GO_ON(CONTEXT) again and again while they run, and end in ERR_BUSY ("The request took too long") when it says no. NULL: they may,
 * the state after opening. */
void store_set_may_go_on(struct store *store, bool (*may_go_on)(void *context), void *context);

/* A list of videos looks at so many rows at most; SCANNED_MAX (video_search.h) is the state after opening. */
void store_set_scan_limit(struct store *store, int64_t rows);

/* What one program does at a time, be it on several machines. */
enum store_lock { STORE_LOCK_RUN, STORE_LOCK_ALERTS, STORE_LOCK_REHYDRATE };

/* Takes a lock, unless another program has it: *TAKEN. It ends with store_unlock() or with the connection, which is not made anew from then on: all writes of
 * who has lost the lock fail. The database of SQLite is one machine's, where programs lock files: these locks are always free. */
MUST_USE bool store_lock(struct store *store, enum store_lock lock, bool *taken, struct error *err);
void store_unlock(struct store *store, enum store_lock lock);

/* What may be lost where servers replicate the database and one takes the place of another; NULL: nothing that can be seen. REPLICATED: there are several, for
 * sure. A constant. */
MUST_USE bool store_replication_risk(struct store *store, bool replicated, const char **out, struct error *err);

/* ---- upkeep ---- */

/* Does work that was put off: indexing what an import that was cut short left behind, or all videos after an update that reads texts
 * differently, for up to BUDGET videos, the newest ones first, and videos of renamed channels, for about as many, in short
 * transactions. *LEFT tells how many still wait. */
MUST_USE bool store_upkeep(struct store *store, int64_t budget, int64_t *left, struct error *err);

/* How many videos wait for the search index: searches by words do not find them yet. */
MUST_USE bool store_unindexed_count(struct store *store, int64_t *out, struct error *err);

/* Many new videos follow: until the end they are saved in the fastest way, with more memory, and what can wait is left to
 * store_upkeep(). After each transaction other writers have a moment to begin theirs. It waits in the database, so nothing is lost with the program. */
MUST_USE bool store_bulk_begin(struct store *store, struct error *err);
MUST_USE bool store_bulk_end(struct store *store, struct error *err);

/* Puts the search index in order after many new videos, in short transactions; takes time in proportion to its size. A database in
 * everyday use needs none of it. */
MUST_USE bool store_optimize(struct store *store, struct error *err);

/* Gives back to the file system what is free in the file, once that is more than a tenth of it, some of it in a short transaction; *LEFT tells
 * whether there is more. Nothing in a database that was made before there was retention: docs/operations.md. */
MUST_USE bool store_shrink(struct store *store, bool *left, struct error *err);

/* Verifies the database and changes nothing: its file, references, search index and every denormalised counter. ERR_INTERNAL with the first
 * fault found, and the command that mends it. Takes time in proportion to the size. */
MUST_USE bool store_check(struct store *store, struct error *err);

/* Looks for the same faults and rebuilds what follows from other data: indices, counters, the search index, which store_upkeep() has to fill
 * then. TELL hears of each fault that was mended. *REBUILT counts them. Whether faults are left tells store_check(). */
MUST_USE bool store_repair(struct store *store, void (*tell)(void *context, const char *fault), void *context, int64_t *rebuilt,
                           struct error *err);
