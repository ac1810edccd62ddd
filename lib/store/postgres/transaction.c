/* Transactions, the number that grows with them, and what there is to know of the whole database. */
#include <assert.h>

#include "base/clock.h"
#include "store/postgres/search/words.h"
#include "store/postgres/statement.h"

enum { TRANSACTION_MS = 250 };

/* One transaction that writes at a time, as in SQLite: whoever begins one waits for the lock until the one before has ended, then sees all that it did.
 * The number is newsreel's own, 0x6E777364 ("nwsd"). */
static const char begin_write[] = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(1853322084)";
static const char begin_read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

enum database_statement {
	DATABASE_RECORDED,
	DATABASE_STATE,
	DATABASE_GENERATION,
	DATABASE_RAISE_GENERATION,
	DATABASE_LOCK,
	DATABASE_UNLOCK,
	DATABASE_VIDEO_COUNT,
	DATABASE_SIZE
};

enum state_column { STATE_SCHEMA, STATE_GENERATION, STATE_VIDEOS };

static const char *const sql[] = {
    [DATABASE_RECORDED] = "SELECT recorded FROM meta WHERE id = 1",
    [DATABASE_STATE] = "SELECT (SELECT schema FROM newsreel), generation, videos FROM meta WHERE id = 1",
    [DATABASE_GENERATION] = "SELECT generation FROM meta WHERE id = 1",
    [DATABASE_RAISE_GENERATION] = "UPDATE meta SET generation = generation + 1 WHERE id = 1",
    [DATABASE_LOCK] = "SELECT pg_try_advisory_lock(1853322084, CAST(?1 AS INTEGER))",
    [DATABASE_UNLOCK] = "SELECT pg_advisory_unlock(1853322084, CAST(?1 AS INTEGER))",
    [DATABASE_VIDEO_COUNT] = "SELECT videos FROM meta WHERE id = 1",
    [DATABASE_SIZE] = "SELECT pg_database_size(current_database())",
};

static struct statement *use(struct store *store, enum database_statement which)
{
	return statement_use(store, sql[which]);
}

/* ---- writing ---- */

bool pg_begin(struct store *store, struct error *err)
{
	assert(!store->in_transaction && store->readers == 0);
	store->public_change = false;
	if (!pg_connected(store, err))
		return false;
	/* From here on there may be one to roll back. */
	store->in_transaction = true;
	if (!pg_run_text(store, begin_write, true, err))
		store_rollback(store);
	store->begun_ms = clock_monotonic_ms();
	return store->in_transaction;
}

bool store_begin(struct store *store, struct error *err)
{
	if (!pg_begin(store, err))
		return false;
	if (!statement_number(use(store, DATABASE_RECORDED), &store->recorded, err))
		store_rollback(store);
	return store->in_transaction;
}

bool store_transaction_is_long(const struct store *store)
{
	return clock_monotonic_ms() - store->begun_ms > TRANSACTION_MS;
}

int64_t transaction_recorded(const struct store *store)
{
	assert(store->in_transaction);
	return store->recorded;
}

void public_change(struct store *store)
{
	store->public_change = true;
}

bool store_commit(struct store *store, struct error *err)
{
	assert(store->in_transaction);
	bool done = words_write(store, &store->words, words_save_together, err) &&
	            (!store->public_change || statement_run(use(store, DATABASE_RAISE_GENERATION), err)) &&
	            pg_run_text(store, "COMMIT", false, err);

	if (!done) {
		store_rollback(store);
		return false;
	}
	store->in_transaction = false;
	store->index.took_ms = clock_monotonic_ms() - store->begun_ms;
	return true;
}

/* Fails only with the connection, and then the server has done it. */
static void roll_back(struct store *store)
{
	struct error ignored;

	if (PQtransactionStatus(store->db) != PQTRANS_IDLE && !pg_run_text(store, "ROLLBACK", false, &ignored))
		assert(PQstatus(store->db) == CONNECTION_BAD);
}

void store_rollback(struct store *store)
{
	if (store->in_transaction)
		roll_back(store);
	words_forget(&store->words);
	store->in_transaction = false;
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

/* ---- locks of programs ---- */

/* The server frees it when the connection has ended, and with that the transaction at hand: what was written without the lock was not written. */
bool store_lock(struct store *store, enum store_lock lock, bool *taken, struct error *err)
{
	struct statement *statement = use(store, DATABASE_LOCK);
	int64_t done;

	bind_int(statement, 1, lock);
	if (!statement_number(statement, &done, err))
		return false;
	*taken = done != 0;
	store->locks += *taken;
	return true;
}

void store_unlock(struct store *store, enum store_lock lock)
{
	struct statement *statement = use(store, DATABASE_UNLOCK);
	struct error ignored;

	bind_int(statement, 1, lock);
	if (statement_run(statement, &ignored) || PQstatus(store->db) == CONNECTION_BAD)
		store->locks--;
}

/* ---- reading ---- */

/* With what every answer asks for, in one message. */
static bool begin_reading(struct store *store, struct error *err)
{
	AUTO(statement_done) struct statement *get = use(store, DATABASE_STATE);

	if (!statement_run_after(get, begin_read, err) || !statement_row(get, "state", err))
		return false;
	store->state = (struct read_state){.schema = column_int(get, STATE_SCHEMA),
	                                   .generation = column_int(get, STATE_GENERATION),
	                                   .videos = column_int(get, STATE_VIDEOS)};
	return true;
}

bool store_read_begin(struct store *store, struct error *err)
{
	if (store->in_transaction)
		return true;
	if (store->readers == 0 && !pg_connected(store, err))
		return false;
	if (store->readers++ > 0)
		return true;
	if (begin_reading(store, err))
		return true;
	store->readers = 0;
	roll_back(store);
	return false;
}

/* What comes of it is read when the connection is used again, which is made anew if it went wrong (pg_connected). */
void store_read_end(struct store *store)
{
	if (!store->in_transaction && store->readers > 0 && --store->readers == 0)
		store->ending = PQsendQuery(store->db, "ROLLBACK");
}

bool store_generation(struct store *store, int64_t *out, struct error *err)
{
	if (store->readers == 0)
		return statement_number(use(store, DATABASE_GENERATION), out, err);
	*out = store->state.generation;
	return true;
}

bool store_video_count(struct store *store, int64_t *out, struct error *err)
{
	if (store->readers == 0)
		return statement_number(use(store, DATABASE_VIDEO_COUNT), out, err);
	*out = store->state.videos;
	return true;
}

/* ---- the server's business ---- */

bool engine_size_bytes(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(use(store, DATABASE_SIZE), out, err);
}

bool engine_wal_bytes(struct store *store, int64_t *out, struct error *err)
{
	(void)store, (void)err;
	*out = 0;
	return true;
}

bool engine_room_bytes(struct store *store, int64_t *out, struct error *err)
{
	(void)store, (void)err;
	*out = INT64_MAX;
	return true;
}

/* Autovacuum does it. */
bool store_shrink(struct store *store, bool *left, struct error *err)
{
	(void)store, (void)err;
	*left = false;
	return true;
}
