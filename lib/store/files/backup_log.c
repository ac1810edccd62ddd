#include "store/files/backup_log.h"

#include "store/internal.h"

enum backup_statement { LOG_READ, LOG_WANT, LOG_END, LOG_FAILURE, LOG_SUCCESS, LOG_SCHEDULED_SUCCESS, LOG_RESTORED };

enum { COL_WANTED_SINCE, COL_ERROR, COL_SUCCEEDED_AT, COL_BYTES };

static const char *const sql[] = {
    [LOG_READ] = "SELECT wanted_since, error, succeeded_at, bytes FROM backup",
    [LOG_WANT] = "UPDATE backup SET wanted_since = ?1 WHERE wanted_since = 0",
    [LOG_END] = "UPDATE backup SET wanted_since = 0, error = NULL WHERE wanted_since > 0",
    [LOG_FAILURE] = "UPDATE backup SET error = ?1",
    [LOG_SUCCESS] = "UPDATE backup SET succeeded_at = ?1, bytes = ?2",
    [LOG_SCHEDULED_SUCCESS] = "UPDATE backup SET error = NULL, succeeded_at = ?1, bytes = ?2",
    /* No generation and no number of recording of the database before may be given again. That one did not grow by so much since the backup. */
    [LOG_RESTORED] = "UPDATE meta SET generation = generation + 4294967296,"
		     " recorded = " SQL_NEXT_RECORDED("?1") ", changes_from = " SQL_NEXT_RECORDED("?1"),
};

const struct statements backup_log_statements = STATEMENTS(sql);

bool store_backup_log_read(struct store *store, struct backup_log *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[LOG_READ]);
	struct backup_log log = {0};

	if (!statement_row(get, "row of backup", err) || !column_copy(get, COL_ERROR, &log.error, err))
		return false;
	log.wanted_since = column_int(get, COL_WANTED_SINCE);
	log.succeeded_at = column_int(get, COL_SUCCEEDED_AT);
	log.bytes = column_int(get, COL_BYTES);
	*out = log;
	return true;
}

/* Every run says it: only a change is written. */
bool store_backup_log_want(struct store *store, bool wanted, int64_t now, struct error *err)
{
	AUTO(backup_log_clear) struct backup_log log = {0};

	if (!store_backup_log_read(store, &log, err))
		return false;
	if (wanted == (log.wanted_since > 0))
		return true;
	return wanted ? statement_run_ints(store, sql[LOG_WANT], INTS(now), err)
	              : statement_run(statement_use(store, sql[LOG_END]), err);
}

bool store_backup_log_failure(struct store *store, const char *error, struct error *err)
{
	struct statement *note = statement_use(store, sql[LOG_FAILURE]);

	bind_text(note, 1, error);
	return statement_run(note, err);
}

bool store_backup_log_success(struct store *store, bool scheduled, int64_t bytes, int64_t now, struct error *err)
{
	return statement_run_ints(store, sql[scheduled ? LOG_SCHEDULED_SUCCESS : LOG_SUCCESS], INTS(now, bytes), err);
}

bool store_backup_log_restored(struct store *store, int64_t now, struct error *err)
{
	return statement_run_ints(store, sql[LOG_RESTORED], INTS(now), err);
}
