/* Transactions, the number that grows with them, and what there is to know of the whole database. */
#include <assert.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/sqlite/connection.h"

enum { TURN_MS = 3 * BUSY_POLL_MS, TRANSACTION_MIN_MS = 50 };

enum meta_statement {
	META_BEGIN,
	META_COMMIT,
	META_ROLLBACK,
	META_RECORDED,
	META_STATE,
	META_GENERATION,
	META_RAISE_GENERATION,
	META_VIDEO_COUNT,
	META_SIZE,
	META_FREE
};

enum state_column { STATE_GENERATION, STATE_VIDEOS };

static const char *const sql[] = {
    [META_BEGIN] = "BEGIN IMMEDIATE",
    [META_COMMIT] = "COMMIT",
    [META_ROLLBACK] = "ROLLBACK",
    [META_RECORDED] = "SELECT recorded FROM meta",
    [META_STATE] = "SELECT generation, videos FROM meta",
    [META_GENERATION] = "SELECT generation FROM meta",
    [META_RAISE_GENERATION] = "UPDATE meta SET generation = generation + 1",
    [META_VIDEO_COUNT] = "SELECT videos FROM meta",
    [META_SIZE] = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    /* 2 = incremental (open.c) */
    [META_FREE] = ("SELECT auto_vacuum = 2 AND freelist_count > page_count / 10"
                   " FROM pragma_auto_vacuum, pragma_freelist_count, pragma_page_count"),
};

const struct statements meta_statements = STATEMENTS(sql);

static bool run(struct store *store, enum meta_statement which, struct error *err)
{
	return statement_run(statement_use(store, sql[which]), err);
}

/* ---- writing ---- */

bool store_begin(struct store *store, struct error *err)
{
	assert(!store->in_transaction);
	store->public_change = false;
	store->in_transaction = run(store, META_BEGIN, err);
	store->begun_ms = clock_monotonic_ms();
	store->index.took_ms = 0;
	if (store->in_transaction && !statement_number(statement_use(store, sql[META_RECORDED]), &store->recorded, err))
		store_rollback(store);
	return store->in_transaction;
}

bool store_transaction_is_long(const struct store *store)
{
	return clock_monotonic_ms() - store->begun_ms > store->transaction_ms;
}

void transaction_took(struct store *store)
{
	if (store->in_transaction)
		store->index.took_ms = clock_monotonic_ms() - store->begun_ms;
}

/* On a busy machine a commit takes many times as long as on another. */
static void adapt_time(struct store *store)
{
	int64_t took_ms = store->index.took_ms;

	if (took_ms > 2 * TRANSACTION_MS && store->transaction_ms / 2 >= TRANSACTION_MIN_MS)
		store->transaction_ms /= 2;
	else if (took_ms > 0 && took_ms < TRANSACTION_MS)
		store->transaction_ms = store->transaction_ms * 2 < TRANSACTION_MS ? store->transaction_ms * 2 : TRANSACTION_MS;
}

/* Those who wait look again every few milliseconds (open.c); who begins anew at once would always be first. */
static void give_way(const struct store *store)
{
	const struct clock clock = clock_system();

	if (store->index.later)
		clock_sleep(&clock, TURN_MS);
}

int64_t transaction_recorded(const struct store *store)
{
	assert(store->in_transaction);
	return store->recorded;
}

bool store_commit(struct store *store, struct error *err)
{
	assert(store->in_transaction);
	bool done = words_write(store, &store->words, words_save_each, err) &&
	            (!store->public_change || run(store, META_RAISE_GENERATION, err)) && run(store, META_COMMIT, err);

	if (!done) {
		store_rollback(store);
		return false;
	}
	store->in_transaction = false;
	adapt_time(store);
	give_way(store);
	return true;
}

void store_rollback(struct store *store)
{
	struct error ignored;

	if (!store->in_transaction)
		return;
	store->in_transaction = false;
	words_forget(&store->words);
	/* After some failures SQLite has rolled back by itself, and says so. */
	if (!sqlite3_get_autocommit(store->db) && !run(store, META_ROLLBACK, &ignored))
		assert(sqlite3_get_autocommit(store->db));
}

void store_transaction_end(struct store **store)
{
	if (*store)
		store_rollback(*store);
}

bool transaction_begin(struct store *store, struct error *err)
{
	return nesting_begin(&store->nesting, store, store->in_transaction, err);
}

bool transaction_end(struct store *store, bool ok, struct error *err)
{
	return nesting_end(&store->nesting, store, ok, err);
}

void public_change(struct store *store)
{
	store->public_change = true;
}

bool store_lock(struct store *store, enum store_lock lock, bool *taken, struct error *err)
{
	(void)store, (void)lock, (void)err;
	*taken = true;
	return true;
}

void store_unlock(struct store *store, enum store_lock lock)
{
	(void)store, (void)lock;
}

/* ---- reading ---- */

/* While one statement stands on a row, all of its connection see the state that it sees. That is less work than BEGIN and COMMIT,
 * and the row is of use. A transaction sees one state anyway. */
bool store_read_begin(struct store *store, struct error *err)
{
	if (store->in_transaction || store->readers++ > 0)
		return true;
	struct statement *get = statement_use(store, sql[META_STATE]);
	if (statement_row(get, "state", err)) {
		store->generation = column_int(get, STATE_GENERATION);
		store->videos = column_int(get, STATE_VIDEOS);
		return true;
	}
	statement_done(&get);
	store->readers = 0;
	return false;
}

void store_read_end(struct store *store)
{
	if (store->in_transaction || store->readers == 0 || --store->readers > 0)
		return;
	struct statement *get = statement_use(store, sql[META_STATE]);
	statement_done(&get);
}

bool store_generation(struct store *store, int64_t *out, struct error *err)
{
	if (store->readers == 0)
		return statement_number(statement_use(store, sql[META_GENERATION]), out, err);
	*out = store->generation;
	return true;
}

bool store_video_count(struct store *store, int64_t *out, struct error *err)
{
	if (store->readers == 0)
		return statement_number(statement_use(store, sql[META_VIDEO_COUNT]), out, err);
	*out = store->videos;
	return true;
}

bool engine_size_bytes(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[META_SIZE]), out, err);
}

bool engine_wal_bytes(struct store *store, int64_t *out, struct error *err)
{
	const char *path = sqlite3_db_filename(store->db, "main");
	struct stat wal = {0};

	if (path && *path && stat(sqlite3_filename_wal(path), &wal) != 0 && errno != ENOENT)
		return file_error(err, sqlite3_filename_wal(path), errno);
	*out = (int64_t)wal.st_size;
	return true;
}

bool engine_room_bytes(struct store *store, int64_t *out, struct error *err)
{
	const char *path = sqlite3_db_filename(store->db, "main");

	if (path && *path)
		return file_room(path, out, err);
	*out = INT64_MAX; /* in memory */
	return true;
}

bool store_shrink(struct store *store, bool *left, struct error *err)
{
	int64_t is_free;

	if (!statement_number(statement_use(store, sql[META_FREE]), &is_free, err))
		return false;
	*left = is_free != 0;
	return !*left || db_run_text(store, "PRAGMA incremental_vacuum(1000)", err);
}

/* It is one file. */
bool store_replication_risk(struct store *store, bool replicated, const char **out, struct error *err)
{
	(void)store, (void)replicated, (void)err;
	*out = NULL;
	return true;
}
