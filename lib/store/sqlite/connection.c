#include "store/sqlite/connection.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/search_statement.h"
#include "store/sqlite/term_stats.h"

enum { BUSY_TIMEOUT_MS = 5000, PROGRESS_STEPS = 1000, WAL_RETRY_MS = 5 };

enum record_statement {
	RECORD_BEGIN,
	RECORD_COMMIT,
	RECORD_ROLLBACK,
	RECORD_GENERATION,
	RECORD_RAISE_GENERATION,
	RECORD_VIDEO_COUNT
};

static const char *const sql[] = {
    [RECORD_BEGIN] = "BEGIN IMMEDIATE",
    [RECORD_COMMIT] = "COMMIT",
    [RECORD_ROLLBACK] = "ROLLBACK",
    [RECORD_GENERATION] = "SELECT generation FROM meta",
    [RECORD_RAISE_GENERATION] = "UPDATE meta SET generation = generation + 1",
    [RECORD_VIDEO_COUNT] = "SELECT videos FROM meta",
};

const struct statements record_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static const struct statements *const nouns[NOUN_COUNT] = {
    [NOUN_RECORD] = &record_statements,         [NOUN_VIDEOS] = &videos_statements,
    [NOUN_VIDEO_SAVE] = &video_save_statements, [NOUN_VIDEO_LIST] = &video_list_statements,
    [NOUN_LIST_PLAN] = &list_plan_statements,   [NOUN_WORDS] = &words_statements,
    [NOUN_INDEX] = &index_statements,           [NOUN_VOLUME] = &volume_statements,
    [NOUN_STATS] = &stats_statements,           [NOUN_CHANNELS] = &channels_statements,
    [NOUN_MATCHES] = &matches_statements,       [NOUN_QUERIES] = &queries_statements,
    [NOUN_COVERAGE] = &coverage_statements,     [NOUN_SCHEDULE] = &schedule_statements,
    [NOUN_LOOKUPS] = &lookups_statements,       [NOUN_REFRESH] = &refresh_statements,
    [NOUN_QUARANTINE] = &quarantine_statements, [NOUN_KEYS] = &keys_statements,
    [NOUN_LEDGER] = &ledger_statements,         [NOUN_RUNS] = &runs_statements,
    [NOUN_STATUS] = &status_statements,
};

/* ---- errors ---- */

/* The operating system's word says more than SQLite's "disk I/O error". */
static bool io_error(struct store *store, struct error *err)
{
	int reason = sqlite3_system_errno(store->db);

	if (reason == ENOSPC || reason == EDQUOT)
		return error_set(err, ERR_INTERNAL, "the disk is full");
	return error_set(err, ERR_INTERNAL, "the record: %s", reason ? strerror(reason) : sqlite3_errmsg(store->db));
}

bool db_error(struct store *store, struct error *err)
{
	int code = sqlite3_extended_errcode(store->db);

	switch (code & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, ERR_BUSY, "the record is busy");
	case SQLITE_INTERRUPT:
		return error_set(err, ERR_BUSY, "took too long");
	case SQLITE_NOMEM:
		return error_no_memory(err);
	case SQLITE_CONSTRAINT:
		return error_set(err, ERR_CONFLICT, "the record refuses it: %s", sqlite3_errmsg(store->db));
	case SQLITE_FULL:
		return error_set(err, ERR_INTERNAL, "the disk is full");
	case SQLITE_IOERR:
		return io_error(store, err);
	case SQLITE_READONLY:
		return error_set(err, ERR_INTERNAL, "the record cannot be written: %s", sqlite3_errmsg(store->db));
	default:
		return error_set(err, ERR_INTERNAL, "the record: %s", sqlite3_errmsg(store->db));
	}
}

/* ---- opening ---- */

/* Counting every allocation costs a lock that all threads share; measured: full-text pages are 1.7 times as fast without. */
static void configure_sqlite(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Called every PROGRESS_STEPS steps of a statement: not 0 interrupts it. */
static int is_past_deadline(void *context)
{
	const struct store *store = context;

	return store->deadline_ms && clock_monotonic_ms() > store->deadline_ms;
}

static bool run_text(struct store *store, const char *text, struct error *err)
{
	return sqlite3_exec(store->db, text, NULL, NULL, NULL) == SQLITE_OK || db_error(store, err);
}

static bool open_file(struct store *store, const char *path, enum store_mode mode, struct error *err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	            (mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
	            (mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
	/* Only a new file needs it: the mask belongs to the whole process, and readers open in many threads. */
	mode_t mask = mode == STORE_CREATE ? umask(0177) : 0;
	int code = sqlite3_open_v2(path, &store->db, flags, NULL);

	if (mode == STORE_CREATE)
		umask(mask);
	if (code == SQLITE_OK)
		return true;
	if (!store->db)
		return error_no_memory(err);
	int reason = sqlite3_system_errno(store->db);
	if (reason == ENOENT && mode != STORE_CREATE)
		return error_set(err, ERR_BUSY, "the record is not there yet");
	if (reason)
		error_set(err, ERR_INTERNAL, "%s", strerror(reason));
	else
		db_error(store, err);
	return error_wrap(err, "%s", path);
}

/* Sqlite does not wait by itself when several connections turn a new file to WAL at the same time. */
static bool use_wal(struct store *store, struct error *err)
{
	const struct clock clock = clock_system();
	int64_t deadline = clock_monotonic_ms() + BUSY_TIMEOUT_MS;

	while (!run_text(store, "PRAGMA journal_mode = WAL", err)) {
		if (err->code != ERR_BUSY || clock_monotonic_ms() > deadline)
			return false;
		clock_sleep(&clock, WAL_RETRY_MS);
	}
	return true;
}

static bool configure(struct store *store, enum store_mode mode, struct error *err)
{
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	sqlite3_progress_handler(store->db, PROGRESS_STEPS, is_past_deadline, store);
	if (!tokenizer_register(store->db, &store->tokenizer))
		return error_set(err, ERR_INTERNAL, "this SQLite has no FTS5");
	return words_register(store, err) && search_functions_register(store, err) &&
	       run_text(store,
	                "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF; PRAGMA temp_store = "
	                "MEMORY",
	                err) &&
	       (mode != STORE_CREATE || use_wal(store, err));
}

/* Places for the statements, which are prepared when they are first needed. */
static bool make_places(struct store *store, struct error *err)
{
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
		store->statements[noun] = calloc(nouns[noun]->count, sizeof(*store->statements[noun]));
		if (!store->statements[noun])
			return error_no_memory(err);
	}
	return true;
}

static bool prepare(struct store *store, enum noun noun, size_t which)
{
	return sqlite3_prepare_v3(store->db, nouns[noun]->sql[which], -1, SQLITE_PREPARE_PERSISTENT,
	                          &store->statements[noun][which], NULL) == SQLITE_OK;
}

bool db_prepare_all(struct store *store, struct error *err)
{
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++)
		for (size_t i = 0; i < nouns[noun]->count; i++)
			if (!store->statements[noun][i] && !prepare(store, noun, i)) {
				db_error(store, err);
				return error_wrap(err, "%s", nouns[noun]->sql[i]);
			}
	return true;
}

bool store_open(const char *path, enum store_mode mode, struct store **out, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	AUTO(store_close) struct store *store = calloc(1, sizeof(*store));

	if (!store)
		return error_no_memory(err);
	pthread_once(&once, configure_sqlite);
	if (!open_file(store, path, mode, err))
		return false;
	if (!configure(store, mode, err) || !(mode == STORE_CREATE ? migrate(store, err) : migrate_check(store, err)) ||
	    !make_places(store, err))
		return error_wrap(err, "%s", path);
	*out = store;
	store = NULL;
	return true;
}

void store_close(struct store **store)
{
	struct store *closed = *store;

	*store = NULL;
	if (!closed)
		return;
	store_rollback(closed);
	for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
		for (size_t i = 0; closed->statements[noun] && i < nouns[noun]->count; i++)
			sqlite3_finalize(closed->statements[noun][i]);
		free(closed->statements[noun]);
	}
	for (size_t i = 0; i < LIST_STATEMENTS_MAX; i++)
		sqlite3_finalize(closed->lists[i].statement);
	sqlite3_close(closed->db);
	words_clear(&closed->words);
	free(closed);
}

void store_set_time_limit(struct store *store, int64_t milliseconds)
{
	store->time_limit_ms = milliseconds;
	store->deadline_ms = 0;
}

/* ---- statements ---- */

sqlite3_stmt *db_use(struct store *store, enum noun noun, int which)
{
	sqlite3_stmt **statement = &store->statements[noun][which];

	db_ready(store, *statement);
	if (!*statement)
		(void)prepare(store, noun, (size_t)which); /* or it stays NULL, and the step tells why */
	return *statement;
}

void db_ready(struct store *store, sqlite3_stmt *statement)
{
	if (statement) {
		sqlite3_reset(statement);
		sqlite3_clear_bindings(statement);
	}
	store->deadline_ms = store->time_limit_ms ? clock_monotonic_ms() + store->time_limit_ms : 0;
}

void db_done(sqlite3_stmt **statement)
{
	sqlite3_reset(*statement);
	*statement = NULL;
}

void db_bind_int(sqlite3_stmt *statement, int at, int64_t value)
{
	sqlite3_bind_int64(statement, at, value);
}

void db_bind_real(sqlite3_stmt *statement, int at, double value)
{
	sqlite3_bind_double(statement, at, value);
}

void db_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

void db_bind_bytes(sqlite3_stmt *statement, int at, const char *bytes, size_t len)
{
	sqlite3_bind_text(statement, at, bytes, (int)len, SQLITE_STATIC);
}

bool db_step(struct store *store, sqlite3_stmt *statement, bool *row, struct error *err)
{
	int code = statement ? sqlite3_step(statement) : SQLITE_ERROR;

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return db_error(store, err);
	*row = code == SQLITE_ROW;
	return true;
}

bool db_run(struct store *store, sqlite3_stmt *statement, struct error *err)
{
	bool row = false;
	bool done = db_step(store, statement, &row, err);

	sqlite3_reset(statement);
	return done;
}

bool db_row(struct store *store, sqlite3_stmt *statement, const char *name, struct error *err)
{
	bool row = false;

	return db_step(store, statement, &row, err) && (row || error_set(err, ERR_NOT_FOUND, "no %s", name));
}

const char *db_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text ? (const char *)text : "";
}

bool db_copy(sqlite3_stmt *statement, int column, char **out, struct error *err)
{
	return text_copy((const char *)sqlite3_column_text(statement, column), out, err);
}

/* ---- transactions ---- */

static bool run_record(struct store *store, enum record_statement which, struct error *err)
{
	return db_run(store, db_use(store, NOUN_RECORD, (int)which), err);
}

bool store_begin(struct store *store, struct error *err)
{
	assert(!store->in_transaction);
	store->public_change = false;
	store->in_transaction = run_record(store, RECORD_BEGIN, err);
	return store->in_transaction;
}

bool store_commit(struct store *store, struct error *err)
{
	assert(store->in_transaction);
	bool done = words_write(store, err) && (!store->public_change || run_record(store, RECORD_RAISE_GENERATION, err)) &&
	            run_record(store, RECORD_COMMIT, err);

	if (done)
		store->in_transaction = false;
	else
		store_rollback(store);
	return done;
}

void store_rollback(struct store *store)
{
	struct error ignored;

	if (!store->in_transaction)
		return;
	store->in_transaction = false;
	words_forget(&store->words);
	/* After some failures sqlite has rolled back by itself, and says so. */
	if (!sqlite3_get_autocommit(store->db) && !run_record(store, RECORD_ROLLBACK, &ignored))
		assert(sqlite3_get_autocommit(store->db));
}

void store_transaction_end(struct store **store)
{
	if (*store)
		store_rollback(*store);
}

void db_public_change(struct store *store)
{
	store->public_change = true;
}

bool db_write_begin(struct store *store, bool *own, struct error *err)
{
	*own = !store->in_transaction;
	return !*own || store_begin(store, err);
}

bool db_write_end(struct store *store, bool own, bool ok, struct error *err)
{
	if (!own)
		return ok;
	if (!ok) {
		store_rollback(store);
		return false;
	}
	return store_commit(store, err);
}

bool db_read_begin(struct store *store, bool *own, struct error *err)
{
	*own = !store->in_transaction && !store->reading;
	return !*own || store_read_begin(store, err);
}

void db_read_end(struct store *store, bool own)
{
	if (own)
		store_read_end(store);
}

/* While one statement stands on a row, all of its connection see the state that it sees. That is less work than BEGIN and COMMIT,
 * and the row is of use. */
bool store_read_begin(struct store *store, struct error *err)
{
	assert(!store->in_transaction && !store->reading);
	sqlite3_stmt *get = db_use(store, NOUN_RECORD, RECORD_GENERATION);

	store->reading = db_row(store, get, "record", err);
	if (store->reading)
		store->generation = sqlite3_column_int64(get, 0);
	else
		sqlite3_reset(get);
	return store->reading;
}

void store_read_end(struct store *store)
{
	if (store->reading)
		sqlite3_reset(store->statements[NOUN_RECORD][RECORD_GENERATION]);
	store->reading = false;
}

/* ---- the record as a whole ---- */

static bool read_number(struct store *store, enum record_statement which, int64_t *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = db_use(store, NOUN_RECORD, (int)which);

	if (!db_row(store, get, "record", err))
		return false;
	*out = sqlite3_column_int64(get, 0);
	return true;
}

bool store_generation(struct store *store, int64_t *out, struct error *err)
{
	if (!store->reading)
		return read_number(store, RECORD_GENERATION, out, err);
	*out = store->generation;
	return true;
}

bool store_video_count(struct store *store, int64_t *out, struct error *err)
{
	return read_number(store, RECORD_VIDEO_COUNT, out, err);
}
