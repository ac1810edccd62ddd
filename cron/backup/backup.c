#include "cron/backup/backup.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/timestamp.h"
#include "cron/backup/progress.h"
#include "cron/backup/rotation.h"
#include "store/files/backup.h"
#include "store/files/backup_log.h"

enum { PATH_MAX_BYTES = 4096 };

static bool path_of(const char *folder, const char *name, struct buf *out, struct error *err)
{
	buf_printf(out, "%s/%s", folder, name);
	return buf_ok(out, err);
}

/* The lock: two programs that write the same file at a time would spoil it. */
static bool write_backup(const struct config *config, const char *location, const char *path, FILE *progress, struct error *err)
{
	AUTO(file_close) int lock = -1;
	AUTO(buf_clear) struct buf lock_path = BUF(PATH_MAX_BYTES);
	struct progress shown = {.to = progress, .what = "backup"};
	struct backup_progress steps = progress_of(&shown);

	if (!path_of(config->data, "backup.lock", &lock_path, err))
		return false;
	/* On a disk that takes nothing there may be room elsewhere. */
	if (!file_lock(buf_text(&lock_path), &lock, err) && err->code == ERR_BUSY)
		return error_set(err, ERR_BUSY, "another backup is being written: try again when it has ended");
	return store_backup(location, path, &steps, err);
}

static int64_t size_of(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0 ? (int64_t)file.st_size : 0;
}

/* A database of an older schema, or on a read-only disk, does not note it. */
static void note(const char *location, const char *path, int64_t now)
{
	AUTO(store_close) struct store *store = NULL;
	struct error ignored;

	if (store_open(location, STORE_WRITE, &store, &ignored) &&
	    !store_backup_log_success(store, false, size_of(path), now, &ignored))
		return;
}

bool backup_is_possible(const struct config *config, struct error *err)
{
	return !*config->database ||
	       error_set(err, ERR_INVALID, "NEWSREEL_DATABASE: a backup of PostgreSQL is made with pg_dump (docs/machines.md)");
}

bool backup_make(const struct config *config, const char *path, int64_t now, FILE *progress, struct error *err)
{
	AUTO(buf_clear) struct buf location = BUF(PATH_MAX_BYTES);

	if (!backup_is_possible(config, err) || !path_of(config->data, "newsreel.db", &location, err) ||
	    !write_backup(config, buf_text(&location), path, progress, err))
		return false;
	note(buf_text(&location), path, now);
	return true;
}

/* ---- the one of the day ---- */

static bool make_day(const struct config *config, const char *path, FILE *progress, struct error *err)
{
	AUTO(buf_clear) struct buf location = BUF(PATH_MAX_BYTES);

	return backup_is_possible(config, err) && path_of(config->data, "newsreel.db", &location, err) &&
	       folder_make(config->backup_dir, err) && write_backup(config, buf_text(&location), path, progress, err);
}

/* Notes the backup of the day at PATH and removes old ones, unless that is done: a program that ends in between leaves it to the next one. */
static bool finish_day(struct store *store, const struct config *config, const char *path, int64_t now, int64_t *removed,
                       struct error *err)
{
	AUTO(backup_log_clear) struct backup_log log = {0};

	if (!store_backup_log_read(store, &log, err))
		return false;
	if (!log.error && log.succeeded_at / SECONDS_PER_DAY == now / SECONDS_PER_DAY)
		return true;
	return store_backup_log_success(store, true, size_of(path), now, err) &&
	       rotation_remove_old(config->backup_dir, config->backup_keep, config->backup_age_days, now, removed, err);
}

bool backup_daily(struct store *store, const struct config *config, int64_t now, FILE *progress, struct backup_day *out,
                  struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(PATH_MAX_BYTES);
	char name[ROTATION_NAME_SIZE];
	struct error ignored;

	*out = (struct backup_day){0};
	rotation_name(now, name);
	if (!path_of(config->backup_dir, name, &path, err))
		return false;
	if (access(buf_text(&path), F_OK) != 0) {
		out->made = make_day(config, buf_text(&path), progress, err);
		if (!out->made && err->code == ERR_BUSY)
			return true;
		if (!out->made) {
			(void)!store_backup_log_failure(store, err->text, &ignored);
			return false;
		}
	}
	return finish_day(store, config, buf_text(&path), now, &out->removed, err);
}
