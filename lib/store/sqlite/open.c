/* Opening a database file, and closing it. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/fts_functions.h"
#include "store/sqlite/migrate.h"
#include "store/transfer/table.h"
#include "store/video_search.h"

enum { BUSY_TIMEOUT_MS = 10000, BRIEF_TIMEOUT_MS = 200, PROGRESS_STEPS = 1000, COPIES_MAX = 8 };

/* Counting every allocation costs a lock that all threads share; measured: full-text pages are 1.7 times as fast without. */
static void configure_sqlite(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Called every PROGRESS_STEPS steps of a statement: not 0 interrupts it. */
static int has_to_end(void *context)
{
	const struct store *store = context;

	return store->may_go_on && !store->may_go_on(store->may_go_on_context);
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
		return error_set(err, ERR_BUSY, "the database is not there yet");
	if (!reason) {
		db_error(store, err);
		return error_wrap(err, "%s", path);
	}
	file_error(err, path, reason);
	err->code = ERR_INTERNAL;
	return false;
}

/* SQLite's own waits longer and longer, and misses the moments between the transactions of an import. */
static int wait_for_writer(void *context, int count)
{
	const struct store *store = context;
	const struct clock clock = clock_system();

	if (count >= (store->brief ? BRIEF_TIMEOUT_MS : BUSY_TIMEOUT_MS) / BUSY_POLL_MS)
		return 0;
	clock_sleep(&clock, BUSY_POLL_MS);
	return 1;
}

/* Whoever closes the database last leaves its -wal, emptied, and its -shm: on a disk that has become full or read-only they cannot be made,
 * and nobody could read. In between, the -wal that one large transaction made long is cut again. */
static void keep_wal(struct store *store)
{
	int on = 1;

	sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
}

/* Copies the log into the database while others write on, and then what they have written meanwhile. Returns how many pages are left, which is
 * what those who read an older state still need there. */
static int copy_log(sqlite3 *db, const char *name)
{
	int pages = 0, copied = 0;

	for (int i = 0; i < COPIES_MAX; i++) {
		int before = pages;

		if (sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied) != SQLITE_OK)
			return INT_MAX;
		if (copied < pages || pages == before)
			break;
	}
	return pages - copied;
}

/* Called by each commit, when it is done, with the PAGES that the log has then. The next writer begins it anew only if nothing of it is left and nobody
 * reads it, which never comes where there are always readers: if it has become far too long, writers wait a moment for them, unless much is left
 * to be copied then. */
static int checkpoint(void *context, sqlite3 *db, const char *name, int pages)
{
	struct store *store = context;

	transaction_took(store);
	if (pages < store->checkpoint_pages || copy_log(db, name) > REST_PAGES_MAX || pages < LOG_PAGES_MAX)
		return SQLITE_OK;
	store->brief = true;
	sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
	store->brief = false;
	return SQLITE_OK;
}

/* SQLite does not wait by itself when several connections turn a new file to WAL at the same time. */
static bool use_wal(struct store *store, struct error *err)
{
	const struct clock clock = clock_system();
	int64_t deadline = clock_monotonic_ms() + BUSY_TIMEOUT_MS;

	/* The first only counts while there is no table. */
	while (!db_run_text(store, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL", err)) {
		if (err->code != ERR_BUSY || clock_monotonic_ms() > deadline)
			return false;
		clock_sleep(&clock, BUSY_POLL_MS);
	}
	return true;
}

static bool configure(struct store *store, enum store_mode mode, struct error *err)
{
	static const char settings[] = "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF;"
				       " PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 4194304";

	shared_memory_guard(store->db, &store->shared_memory);
	keep_wal(store);
	sqlite3_wal_hook(store->db, checkpoint, store);
	sqlite3_progress_handler(store->db, PROGRESS_STEPS, has_to_end, store);
	if (!tokenizer_register(store->db, &store->tokenizer))
		return error_set(err, ERR_INTERNAL, "this SQLite has no FTS5");
	return fts_functions_register(store, err) && db_run_text(store, settings, err) && migrate_check_owner(store, err) &&
	       (mode == STORE_CREATE ? use_wal(store, err) && migrate(store, err) : store_check_schema(store, err));
}

bool connection_open(const char *path, enum store_mode mode, struct store **out, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	AUTO(store_close) struct store *store = calloc(1, sizeof(*store));

	if (!store) {
		error_no_memory(err);
		return false;
	}
	pthread_once(&once, configure_sqlite);
	store->engine = ENGINE_SQLITE;
	store->checkpoint_pages = CHECKPOINT_PAGES;
	store->index = (struct index_state){.fill_step = FILL_STEP, .rename_step = RENAME_STEP};
	store->transaction_ms = TRANSACTION_MS;
	store->merge_pages = MERGE_PAGES;
	store_set_scan_limit(store, SCANNED_MAX);
	if (!open_file(store, path, mode, err))
		return false;
	sqlite3_busy_handler(store->db, wait_for_writer, store);
	*out = store;
	store = NULL;
	return true;
}

bool store_open(const char *location, enum store_mode mode, struct store **out, struct error *err)
{
	const char *scheme_end = strstr(location, "://");
	AUTO(store_close) struct store *store = NULL;

	/* The rest of such a location may hold a password. */
	if (scheme_end)
		return error_set(err, ERR_INVALID, "there is no database engine for %.*s in this program (make POSTGRES=1)",
		                 (int)(scheme_end - location), location);
	if (!connection_open(location, mode, &store, err))
		return false;
	if (!configure(store, mode, err))
		return error_wrap(err, "%s", location);
	*out = store;
	store = NULL;
	return true;
}

/* What is beside the database's file lies in its folder. */
bool store_files(const char *location, struct text_list *out, struct error *err)
{
	(void)location, (void)out, (void)err;
	return true;
}

void store_close(struct store **store)
{
	struct store *closed = *store;

	*store = NULL;
	if (!closed)
		return;
	store_rollback(closed);
	for (size_t i = 0; i < STATEMENTS_MAX; i++)
		sqlite3_finalize(closed->statements[i].handle);
	for (size_t i = 0; i < LIST_STATEMENTS_MAX; i++)
		sqlite3_finalize(closed->lists[i].statement.handle);
	table_read_end(closed);
	sqlite3_close(closed->db);
	words_clear(&closed->words);
	free(closed);
}

void store_set_may_go_on(struct store *store, bool (*may_go_on)(void *context), void *context)
{
	store->may_go_on = may_go_on;
	store->may_go_on_context = context;
}

void store_set_scan_limit(struct store *store, int64_t rows)
{
	store->scan_limit = rows;
}
